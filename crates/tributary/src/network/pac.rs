//! Scripts that choose a proxy (PAC): what one says for an address.
//!
//! A script is a program of somebody else, often fetched without TLS. It runs in an engine of its
//! own without files, network, timers or modules; what it may ask for is which addresses a name has,
//! and the addresses of this machine. Time, memory, depth and the names that it asks for are
//! bounded. It is told scheme, host and port of an address and never its path or query, which may
//! hold secrets and could leave in a name that the script asks for.

use std::net::{IpAddr, Ipv6Addr, ToSocketAddrs, UdpSocket};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use rquickjs::function::Func;
use rquickjs::{Context, Ctx, Function, Object, Runtime, Value};
use url::Url;

/// The longest that a script may take for one address, names included.
const LONGEST: Duration = Duration::from_secs(8);
/// The most memory that one may take.
const MEMORY: usize = 48 * 1024 * 1024;
/// How deep its calls may go, in bytes of the stack.
const STACK: usize = 512 * 1024;
/// How many names it may ask for at one address.
const NAMES: usize = 100;
/// The most ways that are taken from an answer.
const WAYS: usize = 16;

/// How to reach a server.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Way {
    /// Without a proxy.
    Direct,
    /// Through a proxy: `http`, `https`, `socks4` or `socks5h`, with host and port.
    Via(Url),
}

/// What a script says for an address, the best way first.
///
/// Blocks for as long as the script takes, at most [`LONGEST`].
///
/// # Errors
/// What is wrong with the script, in words.
pub(crate) fn ask(script: &str, url: &Url) -> Result<Vec<Way>, String> {
    ask_until(script, url, Instant::now() + LONGEST)
}

/// The same by a time.
pub(super) fn ask_until(script: &str, url: &Url, deadline: Instant) -> Result<Vec<Way>, String> {
    let said = run(script, url, deadline)?;
    ways(&said)
}

/// What is said of a script that cannot be used for any address; none when it can.
pub(crate) fn fault(script: &str) -> Option<String> {
    let deadline = Instant::now() + LONGEST;
    engine(deadline, |ctx| begin(ctx, script).map(drop)).err()
}

/// An address as a script gets it.
fn shown(url: &Url) -> Option<(String, String)> {
    let host = url.host_str()?;
    let port = url
        .port()
        .map(|port| format!(":{port}"))
        .unwrap_or_default();
    let full = format!("{}://{host}{port}/", url.scheme());
    Some((full, host.trim_matches(['[', ']']).to_owned()))
}

fn run(script: &str, url: &Url, deadline: Instant) -> Result<String, String> {
    let (full, host) = shown(url).ok_or("the address has no host")?;
    engine(deadline, |ctx| {
        let find = begin(ctx, script)?;
        let said: Value<'_> = find
            .call((full.as_str(), host.as_str()))
            .map_err(|error| told(ctx, &error, deadline))?;
        match said.as_string() {
            Some(text) => text
                .to_string()
                .map_err(|_| "its answer is no text".to_owned()),
            // What says nothing says that there is no proxy.
            None if said.is_null() || said.is_undefined() => Ok(String::new()),
            None => Err(format!("it answers with a {}", said.type_name())),
        }
    })
}

/// Runs something in an engine that ends at the deadline.
fn engine<T>(
    deadline: Instant,
    work: impl FnOnce(&Ctx<'_>) -> Result<T, String>,
) -> Result<T, String> {
    let unfit = |error: rquickjs::Error| format!("it cannot be run here: {error}");
    let runtime = Runtime::new().map_err(unfit)?;
    runtime.set_memory_limit(MEMORY);
    runtime.set_max_stack_size(STACK);
    runtime.set_interrupt_handler(Some(Box::new(move || Instant::now() >= deadline)));
    let context = Context::full(&runtime).map_err(unfit)?;
    context.with(|ctx| {
        prepare(&ctx, deadline).map_err(|error| told(&ctx, &error, deadline))?;
        work(&ctx)
    })
}

/// Reads a script and gives the function that it is about.
fn begin<'js>(ctx: &Ctx<'js>, script: &str) -> Result<Function<'js>, String> {
    // A byte order mark is no part of the language.
    let script = script.trim_start_matches('\u{feff}');
    let mut options = rquickjs::context::EvalOptions::default();
    // Scripts of the nineties set what they never declared.
    options.strict = false;
    let deadline = Instant::now() + LONGEST;
    ctx.eval_with_options::<(), _>(script, options)
        .map_err(|error| told(ctx, &error, deadline))?;
    let globals = ctx.globals();
    let find = |name| globals.get::<_, Function<'_>>(name).ok();
    find("FindProxyForURLEx")
        .or_else(|| find("FindProxyForURL"))
        .ok_or_else(|| "it has no function `FindProxyForURL`".to_owned())
}

/// Gives a script what it may call.
fn prepare(ctx: &Ctx<'_>, deadline: Instant) -> rquickjs::Result<()> {
    let mut left = NAMES;
    let mut known: Vec<(String, String)> = Vec::new();
    let addresses_of = move |name: String| -> String {
        if let Some((_, addresses)) = known.iter().find(|(had, _)| *had == name) {
            return addresses.clone();
        }
        if left == 0 {
            return String::new();
        }
        left -= 1;
        let addresses = resolve(&name, deadline);
        known.push((name, addresses.clone()));
        addresses
    };
    let outside = Object::new(ctx.clone())?;
    outside.set(
        "addressesOf",
        Func::from(rquickjs::function::MutFn::new(addresses_of)),
    )?;
    outside.set("ownAddresses", Func::from(own_addresses))?;
    outside.set(
        "isAddressIn",
        Func::from(|address: String, network: String, mask: String| {
            is_in(&address, &network, &mask)
        }),
    )?;
    let globals = ctx.globals();
    globals.set("outside", outside)?;
    globals.set(
        "shExpMatch",
        Func::from(|text: String, pattern: String| fits(&text, &pattern)),
    )?;
    ctx.eval::<(), _>(include_str!("pac.js"))
}

/// What an error of the engine says.
fn told(ctx: &Ctx<'_>, error: &rquickjs::Error, deadline: Instant) -> String {
    if !error.is_exception() {
        return error.to_string();
    }
    let thrown = ctx.catch();
    if Instant::now() >= deadline {
        return format!("it takes longer than {} seconds", LONGEST.as_secs());
    }
    let what = thrown.as_exception().and_then(rquickjs::Exception::message);
    let line = thrown
        .as_exception()
        .and_then(rquickjs::Exception::stack)
        .and_then(|stack| stack.lines().next().map(|line| line.trim().to_owned()));
    let what = what
        .map(|what| in_a_line(&what))
        .filter(|what| !what.is_empty());
    let line = line.map(|line| in_a_line(&line));
    match (what, line) {
        (Some(what), Some(line)) if !line.is_empty() => format!("{what} ({line})"),
        (Some(what), _) => what,
        (None, _) => "it ends with an error".to_owned(),
    }
}

/// What a script says about itself, as far as a person wants to read it: one may throw megabytes,
/// and orders to a terminal.
fn in_a_line(said: &str) -> String {
    let line: String = said.trim().chars().take(200).collect();
    crate::preview::visible(&line).into_owned()
}

/// The addresses of a name, with semicolons in between; nothing where it has none by the deadline.
fn resolve(name: &str, deadline: Instant) -> String {
    if let Ok(address) = name.trim_matches(['[', ']']).parse::<IpAddr>() {
        return address.to_string();
    }
    // What a fuzzer makes up is asked of nobody.
    if cfg!(fuzzing) {
        return String::new();
    }
    let (sender, answers) = mpsc::channel();
    let asked = name.to_owned();
    // The system's resolver cannot be told to stop.
    thread::spawn(move || {
        let found = (asked.as_str(), 0).to_socket_addrs();
        let found: Vec<String> = found
            .map(|all| all.map(|one| one.ip().to_string()).collect())
            .unwrap_or_default();
        // Nobody waits any more when it took too long.
        sender.send(found.join(";")).ok();
    });
    let left = deadline.saturating_duration_since(Instant::now());
    answers.recv_timeout(left).unwrap_or_default()
}

/// The addresses that this machine would send from. Nothing is sent for it: a datagram's socket
/// learns its own address when it is told where it would send to.
fn own_addresses() -> String {
    let from = |own: &str, to: &str| {
        let socket = UdpSocket::bind(own).ok()?;
        socket.connect(to).ok()?;
        Some(socket.local_addr().ok()?.ip().to_string())
    };
    // Addresses that are for documentation, and reach nobody.
    let found = [
        from("[::]:0", "[2001:db8::1]:9"),
        from("0.0.0.0:0", "192.0.2.1:9"),
    ];
    let found: Vec<String> = found.into_iter().flatten().collect();
    found.join(";")
}

/// Whether an address is in a network: `mask` is one in dots, or the number of bits.
fn is_in(address: &str, network: &str, mask: &str) -> bool {
    let (Ok(address), Ok(network)) = (address.parse::<IpAddr>(), network.parse::<IpAddr>()) else {
        return false;
    };
    let bits = |of: IpAddr| match of {
        IpAddr::V4(of) => (u128::from(u32::from(of)), 32),
        IpAddr::V6(of) => (u128::from(of), 128),
    };
    let ((address, size), (network, other)) = (bits(address), bits(network));
    if size != other {
        return false;
    }
    let mask = match mask.parse::<IpAddr>() {
        Ok(mask) if bits(mask).1 == size => bits(mask).0,
        Ok(_) => return false,
        Err(_) => match mask.parse::<u32>() {
            Ok(0) => 0,
            Ok(count) if count <= size => {
                let all = u128::from(Ipv6Addr::from([0xff; 16])) >> (128 - size);
                all & (all << (size - count))
            }
            _ => return false,
        },
    };
    address & mask == network & mask
}

/// Whether a text fits a pattern of a shell, `*` and `?`, in time that grows with both only.
fn fits(text: &str, pattern: &str) -> bool {
    let (text, pattern): (Vec<char>, Vec<char>) =
        (text.chars().collect(), pattern.chars().collect());
    let (mut at, mut wanted) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while at < text.len() {
        match pattern.get(wanted) {
            Some('*') => {
                star = Some((wanted, at));
                wanted += 1;
            }
            Some(&one) if one == '?' || one == text[at] => {
                at += 1;
                wanted += 1;
            }
            _ => match star {
                // The last star takes one more.
                Some((its, taken)) => {
                    star = Some((its, taken + 1));
                    (wanted, at) = (its + 1, taken + 1);
                }
                None => return false,
            },
        }
    }
    pattern[wanted..].iter().all(|one| *one == '*')
}

/// Reads what a script answered.
fn ways(said: &str) -> Result<Vec<Way>, String> {
    let mut ways = Vec::new();
    for part in said
        .split(';')
        .map(str::trim)
        .filter(|part| !part.is_empty())
    {
        let (kind, place) = part.split_once(char::is_whitespace).unwrap_or((part, ""));
        let place = place.trim();
        let via = |scheme: &str, port: u16| {
            let mut url = Url::parse(&format!("{scheme}://{place}"))
                .ok()
                .filter(Url::has_host)?;
            if url.port().is_none() {
                // Only what the scheme has anyway cannot be said.
                url.set_port(Some(port)).ok()?;
            }
            let is_bare = url.username().is_empty()
                && url.password().is_none()
                && matches!(url.path(), "" | "/")
                && url.query().is_none()
                && url.fragment().is_none();
            is_bare.then_some(Way::Via(url))
        };
        let way = match kind.to_ascii_uppercase().as_str() {
            "DIRECT" => Some(Way::Direct),
            "PROXY" | "HTTP" => via("http", 80),
            "HTTPS" => via("https", 443),
            "SOCKS" | "SOCKS4" => via("socks4", 1080),
            "SOCKS5" => via("socks5h", 1080),
            _ => None,
        };
        // One that is not understood is passed over for the next.
        ways.extend(way);
    }
    if ways.is_empty() && !said.trim().is_empty() {
        return Err("its answer names no way that is known here".to_owned());
    }
    if ways.is_empty() {
        ways.push(Way::Direct);
    }
    ways.truncate(WAYS);
    Ok(ways)
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::{Way, ask, fault, fits, is_in};

    fn answer(script: &str, url: &str) -> Result<String, String> {
        let ways = ask(script, &url.parse::<Url>().expect("an address"))?;
        let ways = ways.iter().map(|way| match way {
            Way::Direct => "direct".to_owned(),
            Way::Via(url) => url.as_str().trim_end_matches('/').to_owned(),
        });
        Ok(ways.collect::<Vec<_>>().join(" "))
    }

    /// What an expression is in a script, as JSON.
    fn value(expression: &str) -> String {
        let script = format!(
            "function FindProxyForURL(url, host) {{ throw new Error(JSON.stringify({expression})) }}"
        );
        let said = answer(&script, "https://wiki.acme.com/").expect_err("it throws");
        said.split(" (").next().unwrap_or_default().to_owned()
    }

    #[test]
    fn a_script_says_which_ways_there_are() {
        let script = "function FindProxyForURL(url, host) { return answers[host]; }
            var answers = {
              'a.acme.com': 'PROXY one.acme.com:8080; HTTPS two.acme.com ;DIRECT',
              'b.acme.com': 'SOCKS old.acme.com; SOCKS5 new.acme.com:1081; http three.acme.com:3128',
              'c.acme.com': 'QUIC four.acme.com:1; PROXY five.acme.com',
              'd.acme.com': '', 'e.acme.com': null,
              'f.acme.com': 'QUIC four.acme.com:1', 'g.acme.com': 7,
              'h.acme.com': 'PROXY ada:secret@six.acme.com:1',
              'i.acme.com': 'PROXY :secret@six.acme.com:1; PROXY six.acme.com?a; PROXY six.acme.com#a',
            };";
        for (host, said) in [
            (
                "a",
                Ok("http://one.acme.com:8080 https://two.acme.com direct"),
            ),
            (
                "b",
                Ok(
                    "socks4://old.acme.com:1080 socks5h://new.acme.com:1081 http://three.acme.com:3128",
                ),
            ),
            ("c", Ok("http://five.acme.com")),
            ("d", Ok("direct")),
            ("e", Ok("direct")),
            ("x", Ok("direct")),
            ("f", Err("names no way")),
            ("g", Err("it answers with a")),
            ("h", Err("names no way")),
            ("i", Err("names no way")),
        ] {
            let found = answer(script, &format!("https://{host}.acme.com/"));
            match (&found, said) {
                (Ok(found), Ok(said)) => assert_eq!(found, said, "{host}"),
                (Err(found), Err(said)) => assert!(found.contains(said), "{host}: {found}"),
                _ => panic!("{host}: {found:?}"),
            }
        }
    }

    #[test]
    fn it_learns_no_path_and_no_query_and_no_user() {
        let script = "function FindProxyForURL(url, host) { throw new Error(url + ' ' + host) }";
        let url = "https://ada:secret@wiki.acme.com:8443/spaces/SECRET?token=secret#secret";
        let said = answer(script, url).expect_err("it throws");
        assert!(
            said.starts_with("https://wiki.acme.com:8443/ wiki.acme.com ("),
            "{said}"
        );
        let said = answer(script, "http://[::1]:80/secret").expect_err("it throws");
        assert!(said.starts_with("http://[::1]/ ::1 ("), "{said}");
    }

    #[test]
    fn what_a_script_throws_is_a_short_line_of_plain_words() {
        let thrown = |what: &str| {
            let script = format!("function FindProxyForURL() {{ throw new Error({what}) }}");
            answer(&script, "https://wiki.acme.com/").expect_err("it throws")
        };
        let long = thrown("'x'.repeat(1000000)");
        assert!(long.starts_with("xxx") && long.chars().count() < 500);
        let order = thrown("'a\\u001b[2J\\nb\\u202ec'");
        assert!(order.starts_with("a␛[2J␊b⟨U+202E⟩c ("), "{order}");
        assert_eq!(thrown("''"), "it ends with an error");
    }

    #[test]
    fn the_functions_of_the_first_description_do_what_it_says() {
        for (expression, expected) in [
            ("isPlainHostName('www')", "true"),
            ("isPlainHostName('www.acme.com')", "false"),
            ("isPlainHostName('::1')", "false"),
            ("dnsDomainIs('www.acme.com', '.acme.com')", "true"),
            ("dnsDomainIs('www', '.acme.com')", "false"),
            ("dnsDomainIs('www.notacme.com', '.acme.com')", "false"),
            (
                "localHostOrDomainIs('www.acme.com', 'www.acme.com')",
                "true",
            ),
            ("localHostOrDomainIs('www', 'www.acme.com')", "true"),
            (
                "localHostOrDomainIs('www.else.com', 'www.acme.com')",
                "false",
            ),
            (
                "localHostOrDomainIs('home.acme.com', 'www.acme.com')",
                "false",
            ),
            ("dnsDomainLevels('www')", "0"),
            ("dnsDomainLevels('www.acme.com')", "2"),
            ("isResolvable('127.0.0.1')", "true"),
            ("isResolvable('no.such.name.invalid')", "false"),
            ("dnsResolve('127.0.0.1')", "\"127.0.0.1\""),
            ("dnsResolve('no.such.name.invalid')", "null"),
            ("dnsResolve('localhost')", "\"127.0.0.1\""),
            ("isInNet('127.0.0.1', '127.0.0.0', '255.0.0.0')", "true"),
            (
                "isInNet('198.95.249.79', '198.95.249.79', '255.255.255.255')",
                "true",
            ),
            ("isInNet('198.95.6.8', '198.95.0.0', '255.255.0.0')", "true"),
            (
                "isInNet('198.96.6.8', '198.95.0.0', '255.255.0.0')",
                "false",
            ),
            (
                "isInNet('no.such.name.invalid', '0.0.0.0', '0.0.0.0')",
                "false",
            ),
            ("isInNetEx('2001:db8::7', '2001:db8::/32')", "true"),
            ("isInNetEx('2001:db9::7', '2001:db8::/32')", "false"),
            ("isInNetEx('10.1.2.3', '10.0.0.0/8')", "true"),
            ("isInNetEx('10.1.2.3', '2001:db8::/32')", "false"),
            ("isResolvableEx('::1')", "true"),
            ("sortIpAddressList('10.0.0.1; ::1')", "\"::1;10.0.0.1\""),
            ("/^\\d+\\.\\d+\\.\\d+\\.\\d+$/.test(myIpAddress())", "true"),
            (
                "shExpMatch('http://acme.com/people/ari/index.html', '*/ari/*')",
                "true",
            ),
            (
                "shExpMatch('http://acme.com/people/montulli/index.html', '*/ari/*')",
                "false",
            ),
            ("alert('shown to nobody') === undefined", "true"),
            ("weekdayRange('SUN', 'SAT')", "true"),
            ("weekdayRange('sun', 'sat', 'GMT')", "true"),
            ("weekdayRange('NODAY')", "false"),
            ("dateRange(1, 31)", "true"),
            ("dateRange('JAN', 'DEC', 'GMT')", "true"),
            ("dateRange(2000, 2999)", "true"),
            ("dateRange(2000, 2001)", "false"),
            ("dateRange(1, 'JAN', 2000, 31, 'DEC', 2999)", "true"),
            ("dateRange(1, 'JAN', 2000, 31, 'DEC', 2001)", "false"),
            ("timeRange(0, 24)", "true"),
            ("timeRange(0, 0, 23, 59)", "true"),
            ("timeRange(0, 0, 0, 23, 59, 59, 'GMT')", "true"),
            (
                "typeof require + typeof std + typeof os + typeof outside",
                "\"undefinedundefinedundefinedundefined\"",
            ),
        ] {
            assert_eq!(value(expression), expected, "{expression}");
        }
        // Ranges go by the clock of the script, so that one of today is found by asking for today.
        for (expression, expected) in [
            ("weekdayRange(day(0))", "true"),
            ("weekdayRange(day(1))", "false"),
            ("weekdayRange(day(1), day(6))", "false"),
            ("weekdayRange(day(6), day(1))", "true"),
            ("dateRange(now.getUTCDate(), 'GMT')", "true"),
            ("dateRange(now.getUTCFullYear(), 'GMT')", "true"),
            ("dateRange(now.getUTCFullYear() + 1, 'GMT')", "false"),
            ("timeRange(now.getUTCHours(), 'GMT')", "true"),
            (
                "timeRange((now.getUTCHours() + 2) % 24, (now.getUTCHours() + 3) % 24, 'GMT')",
                "false",
            ),
        ] {
            let expression = format!(
                "(() => {{ const now = new Date(); const names = ['SUN','MON','TUE','WED','THU','FRI','SAT']; \
                 const day = (on) => names[(now.getDay() + on) % 7]; return {expression} }})()"
            );
            assert_eq!(value(&expression), expected, "{expression}");
        }
    }

    #[test]
    fn what_takes_too_long_or_too_much_is_ended() {
        for (body, said) in [
            ("for (;;) {}", "longer than 8 seconds"),
            (
                "return /^(a+)+$/.test('a'.repeat(60) + 'b') ? 'DIRECT' : 'DIRECT'",
                "longer than 8 seconds",
            ),
            (
                "let all = []; for (;;) all.push('x'.repeat(1000000) + all.length)",
                "memory",
            ),
            ("return FindProxyForURL(url, host)", "stack"),
        ] {
            let script = format!("function FindProxyForURL(url, host) {{ {body} }}");
            let error = answer(&script, "https://wiki.acme.com/").expect_err(body);
            assert!(error.contains(said), "{body}: {error}");
        }
    }

    #[test]
    fn a_script_that_is_none_is_told() {
        for (script, said) in [
            ("function Find(url) {}", "no function `FindProxyForURL`"),
            (
                "function FindProxyForURL(url, host) { return",
                "unexpected token",
            ),
            ("<html>Sign in</html>", "unexpected token"),
            ("throw new Error('not today')", "not today"),
        ] {
            let fault = fault(script).expect(script);
            assert!(fault.contains(said), "{script}: {fault}");
        }
        // As scripts of the nineties are.
        let old = "\u{feff}way = 'DIRECT';\nfunction FindProxyForURL(url, host) { answer = way; return answer; }";
        assert_eq!(fault(old), None);
        let newer = "function FindProxyForURL() { return 'PROXY a:1' } function FindProxyForURLEx() { return 'PROXY b:2' }";
        assert_eq!(
            answer(newer, "https://wiki.acme.com/"),
            Ok("http://b:2".to_owned())
        );
    }

    #[test]
    fn patterns_and_networks_are_read_in_time() {
        for (text, pattern, expected) in [
            ("wiki.acme.com", "*.acme.com", true),
            ("acme.com", "*.acme.com", false),
            ("wiki.acme.com", "wiki.????.com", true),
            ("wiki.acme.com", "wiki.acme.com*", true),
            ("", "*", true),
            ("", "?", false),
            ("a.b", "a[.]b", false),
        ] {
            assert_eq!(fits(text, pattern), expected, "{text} {pattern}");
        }
        let (text, pattern) = ("a".repeat(5000), format!("{}b", "a*".repeat(50)));
        assert!(!fits(&text, &pattern));
        for (address, network, mask, expected) in [
            ("10.1.2.3", "10.0.0.0", "8", true),
            ("10.1.2.3", "11.0.0.0", "0", true),
            ("10.1.2.3", "10.0.0.0", "33", false),
            ("10.1.2.3", "10.0.0.0", "ffff::", false),
            ("10.1.2.3", "nowhere", "8", false),
            ("::1", "::", "0", true),
            ("::1", "::1", "128", true),
            ("::1", "::2", "128", false),
        ] {
            assert_eq!(
                is_in(address, network, mask),
                expected,
                "{address} {network}/{mask}"
            );
        }
    }
}
