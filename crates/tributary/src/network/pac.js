// What a proxy script may call beside the language itself, as Netscape described it first and
// browsers have it since. Names and addresses are asked for outside (`dnsResolveEx`, `myIpAddressEx`),
// and so is `shExpMatch`, which must not take long whatever the pattern.
"use strict";
(function (world) {
  const { addressesOf, ownAddresses, isAddressIn } = world.outside;
  delete world.outside;
  const isIPv4 = (address) => address.indexOf(":") === -1;
  const first = (addresses) => addresses.split(";").find((address) => address !== "" && isIPv4(address));
  const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
  const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

  /** The arguments without `GMT` at the end, and how the parts of the time are read then. */
  function clock(given) {
    const args = Array.from(given);
    const now = new Date();
    const isGMT = args[args.length - 1] === "GMT";
    if (isGMT) args.pop();
    const read = (part) => (isGMT ? now["getUTC" + part]() : now["get" + part]());
    return { args, read };
  }

  /** Whether something is within a range, which may go over the end and begin again. */
  const within = (from, now, to) => (from <= to ? from <= now && now <= to : from <= now || now <= to);

  Object.assign(world, {
    isPlainHostName: (host) => host.indexOf(".") === -1 && host.indexOf(":") === -1,
    dnsDomainIs: (host, domain) => host.length >= domain.length && host.toLowerCase().endsWith(domain.toLowerCase()),
    localHostOrDomainIs: (host, full) => host === full || full.startsWith(host + "."),
    dnsDomainLevels: (host) => host.split(".").length - 1,
    dnsResolveEx: (host) => addressesOf(String(host)),
    dnsResolve: (host) => first(addressesOf(String(host))) || null,
    isResolvable: (host) => first(addressesOf(String(host))) !== undefined,
    isResolvableEx: (host) => addressesOf(String(host)) !== "",
    isInNet: (host, network, mask) => {
      const address = first(addressesOf(String(host)));
      return address !== undefined && isAddressIn(address, String(network), String(mask));
    },
    isInNetEx: (host, prefix) => {
      const [network, bits] = String(prefix).split("/");
      return addressesOf(String(host)).split(";").some((address) => address !== "" && isAddressIn(address, network, bits || ""));
    },
    myIpAddress: () => first(ownAddresses()) || "127.0.0.1",
    myIpAddressEx: () => ownAddresses(),
    sortIpAddressList: (addresses) => {
      const all = String(addresses).split(";").map((address) => address.trim()).filter((address) => address !== "");
      return [...all.filter((address) => !isIPv4(address)), ...all.filter(isIPv4)].join(";");
    },
    getClientVersion: () => "1.0",
    alert: () => undefined,
    weekdayRange: function () {
      const { args, read } = clock(arguments);
      const days = args.map((day) => DAYS.indexOf(String(day).toUpperCase()));
      if (days.length === 0 || days.some((day) => day < 0)) return false;
      return within(days[0], read("Day"), days[days.length - 1]);
    },
    dateRange: function () {
      const { args, read } = clock(arguments);
      const kind = (value) => (typeof value === "string" && isNaN(value) ? "month" : Number(value) > 31 ? "year" : "day");
      const half = args.length > 1 && args.length % 2 === 0 ? args.length / 2 : args.length;
      const from = args.slice(0, half);
      const to = args.length > 1 ? args.slice(half) : from;
      const bound = args.length > 1 ? to : from;
      // The largest part first, as far as both ends name it.
      const parts = ["year", "month", "day"].filter((part) => from.some((value) => kind(value) === part));
      const number = (values) =>
        parts.reduce((sum, part) => {
          const value = values.find((one) => kind(one) === part);
          return sum * 10000 + (part === "month" ? MONTHS.indexOf(String(value).toUpperCase()) : Number(value));
        }, 0);
      const reads = { year: "FullYear", month: "Month", day: "Date" };
      const now = parts.reduce((sum, part) => sum * 10000 + read(reads[part]), 0);
      if (parts.length === 0) return false;
      return within(number(from), now, number(bound));
    },
    timeRange: function () {
      const { args, read } = clock(arguments);
      const times = args.map(Number);
      if (times.length === 0 || times.some(isNaN)) return false;
      const seconds = (hours, minutes = 0, second = 0) => hours * 3600 + minutes * 60 + second;
      const now = seconds(read("Hours"), read("Minutes"), read("Seconds"));
      if (times.length === 1) return read("Hours") === times[0];
      if (times.length === 2) return within(seconds(times[0]), now, seconds(times[1]) - 1);
      const half = times.length / 2;
      if (half === 2) return within(seconds(times[0], times[1]), now, seconds(times[2], times[3]));
      return within(seconds(...times.slice(0, 3)), now, seconds(...times.slice(3, 6)));
    },
  });
})(globalThis);
