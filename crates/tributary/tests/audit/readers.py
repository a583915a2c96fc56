"""Reads every form of an exported audit log with other people's parsers and compares it, field by
field, with the log itself. Run with the folder of the exports; ends with a line that counts.

CEF is read with `pycef`, RFC 5424 with `syslog-rfc5424-parser`, CSV and JSON with Python's own
modules. OCSF events are validated against the schema that OCSF publishes, which the package
`ocsf-json-schema` brings along; classes there allow no field that they do not name. The canonical
form is compared with `rfc8785`, and the chain is computed anew with `hashlib`.
"""

import csv
import hashlib
import json
import re
import sys
from pathlib import Path

import jsonschema
import pycef
import rfc8785
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema
from syslog_rfc5424_parser import SyslogMessage

folder = Path(sys.argv[1])
compared = 0


def same(what, found, expected):
    global compared
    compared += 1
    if found != expected:
        sys.exit(f"{what}: {found!r} is not {expected!r}")


def lines(name):
    return (folder / name).read_text(encoding="utf-8").removesuffix("\n").split("\n")


records = [json.loads(line) for line in lines("log.jsonl")]


def value(record, name):
    for change in record.get("changes", []):
        if change["name"] == name:
            return change.get("after")
    return None


def millis(record):
    """The record's time in milliseconds since 1970, computed from the text."""
    import datetime

    whole, fraction = record["ts"].removesuffix("Z").split(".")
    when = datetime.datetime.fromisoformat(whole).replace(tzinfo=datetime.timezone.utc)
    return int(when.timestamp()) * 1000 + int(fraction[:3])


# The log itself: canonical, chained.
previous = "0" * 64
for number, (line, record) in enumerate(zip(lines("log.jsonl"), records), 1):
    same("canonical form", rfc8785.dumps(record).decode(), line)
    same("seq", record["seq"], number)
    same("prev", record["prev"], previous)
    body = {key: held for key, held in record.items() if key != "hash"}
    same("hash", hashlib.sha256(previous.encode() + rfc8785.dumps(body)).hexdigest(), record["hash"])
    previous = record["hash"]
same("the export is the log", lines("export.jsonl"), lines("log.jsonl"))

# CSV.
with open(folder / "export.csv", encoding="utf-8", newline="") as file:
    rows = list(csv.DictReader(file))
same("rows", len(rows), len(records))
for row, record in zip(rows, records):
    actor, held, mark = record["actor"], record["object"], record.get("cred", {})
    expected = {
        "seq": record["seq"], "time": record["ts"], "action": record["action"],
        "outcome": record["outcome"], "reason": record.get("reason"),
        "object_type": held["type"], "object_id": held["id"], "object_host": held.get("host"),
        "object_provider": held.get("provider"), "object_version": held.get("version"),
        "account_id": actor.get("account_id"), "provider": actor.get("provider"),
        "provider_user": actor.get("provider_user"), "mode": actor.get("mode"),
        "os_user": actor["os_user"], "operation": record.get("corr"),
        "credential_key": mark.get("key_id"), "credential": mark.get("fp"),
        "pid": record["source"]["pid"], "app_version": record["source"]["app_version"],
        "mono": record["mono"], "install": record["install"], "prev": record["prev"],
        "hash": record["hash"],
    }
    for name, wanted in expected.items():
        wanted = "" if wanted is None else str(wanted)
        cell = row[name]
        if cell[:1] in tuple("=+-@\t\r\n＝＋－＠") and cell:
            sys.exit(f"a spreadsheet would calculate {cell!r}")
        if cell.startswith("'") and not wanted.startswith("'"):
            cell = cell[1:]
        same(f"CSV {name}", cell, wanted)
    changes = json.loads(row["changes"]) if row["changes"] else []
    same("CSV changes", changes, record.get("changes", []))

# CEF.
for line, record in zip(lines("export.cef"), records, strict=True):
    found = pycef.parse(line)
    if found is None:
        sys.exit(f"pycef does not read {line!r}")

    def plain(text):
        # pycef takes the fields apart and leaves the escapes of their values.
        out, at = "", 0
        while at < len(text):
            if text[at] == "\\" and at + 1 < len(text):
                at += 1
                out += {"n": "\n", "r": "\r"}.get(text[at], text[at])
            else:
                out += text[at]
            at += 1
        return out

    same("CEF version", found["CEFVersion"], "0")
    same("CEF product", found["DeviceProduct"], "Tributary")
    same("CEF version of the program", found["DeviceVersion"], record["source"]["app_version"])
    same("CEF action", found["DeviceEventClassID"], record["action"])
    if not 0 <= int(found["Severity" if "Severity" in found else "DeviceSeverity"]) <= 10:
        sys.exit("a severity out of range")
    expected = {
        "rt": str(millis(record)), "externalId": str(record["seq"]),
        "outcome": record["outcome"], "reason": record.get("reason"),
        "dhost": record["object"].get("host"), "fileId": record["object"]["id"],
        "fname": value(record, "title"), "filePath": value(record, "source"),
        "suid": record["actor"].get("account_id"),
        "suser": record["actor"].get("provider_user") or record["actor"]["os_user"],
        "duser": record["actor"]["os_user"],
    }
    # A field that another one labels goes by its label with this parser.
    labeled = {"install": record["install"], "hash": record["hash"],
               "operation": record.get("corr"), "credential": record.get("cred", {}).get("fp"),
               "record": rfc8785.dumps(record).decode()}
    for name, wanted in {**expected, **labeled}.items():
        got = found.get(name)
        same(f"CEF {name}", None if got is None else plain(got), wanted if wanted != "" else got)

# OCSF.
schema = OcsfJsonSchemaEmbedded(get_ocsf_schema(version="1.5.0"))
classes = {3001: "account_change", 3002: "authentication", 3004: "entity_management",
           6002: "application_lifecycle"}
validators, seen = {}, set()
for line, record in zip(lines("export.ocsf"), records, strict=True):
    event = json.loads(line)
    name = classes[event["class_uid"]]
    seen.add(name)
    if name not in validators:
        validators[name] = jsonschema.Draft202012Validator(schema.get_class_schema(name))
    validators[name].validate(event)
    same("OCSF type", event["type_uid"], event["class_uid"] * 100 + event["activity_id"])
    same("OCSF time", event["time"], millis(record))
    same("OCSF action", event["metadata"]["event_code"], record["action"])
    same("OCSF sequence", event["metadata"]["sequence"], record["seq"])
    same("OCSF uid", event["metadata"]["uid"], record["hash"])
    same("OCSF operation", event["metadata"].get("correlation_uid"), record.get("corr"))
    same("OCSF reason", event.get("status_detail"), record.get("reason"))
    status = {"success": 1, "failure": 2, "refused": 2, "unknown": 0, "attempt": 99, "cancelled": 99}
    same("OCSF status", event["status_id"], status[record["outcome"]])
    if name != "application_lifecycle":
        same("OCSF actor", event["actor"]["user"]["name"], record["actor"]["os_user"])
    if "user" in event:
        same("OCSF user", event["user"]["uid"], record["object"]["id"])
    if "entity" in event and record["object"]["type"] == "page":
        same("OCSF page", event["entity"]["name"], value(record, "title"))
        same("OCSF page id", event["entity"].get("uid", ""), record["object"]["id"])
    same("OCSF record", json.loads(event["raw_data"]), record)
same("OCSF classes", seen, set(classes.values()))

# RFC 5424.
def without_backslash_at_the_end(line):
    """That parser takes an escaped backslash before the closing quotation mark for an escaped
    quotation mark (its lexer's rule, not RFC 5424's). Such a value is shortened for it, after the
    line was checked against the RFC's own grammar."""
    quoted = r'"(?:[^"\\\]]|\\["\\\]])*"'
    grammar = rf"<\d{{1,3}}>1 \S+ \S+ \S+ \S+ \S+ \[\S+(?: [A-Za-z]+={quoted})*\] .*"
    if not re.fullmatch(grammar, line):
        sys.exit(f"not RFC 5424: {line!r}")
    head, bracket, message = line.partition('"] ')
    return re.sub(r'((?:[^\\])(?:\\\\)*)\\\\" ', r'\1" ', head) + bracket + message


for line, record in zip(lines("export.syslog"), records, strict=True):
    shortened = without_backslash_at_the_end(line)
    found = SyslogMessage.parse(shortened)
    same("facility", found.facility.value, 13)
    same("application", found.appname, "tributary")
    same("process", str(found.procid), str(record["source"]["pid"]))
    same("message id", found.msgid, record["action"])
    same("host", found.hostname, "auditor.example.com")
    same("time", found.timestamp.rstrip("Z"), record["ts"].rstrip("Z")[:26])
    (identity, data), = found.sd.items()
    same("structured data", identity, "tributary@32473")
    spaced = lambda text: "".join(" " if ord(c) < 32 or 127 <= ord(c) < 160 else c for c in text)
    expected = {
        "seq": str(record["seq"]), "install": record["install"], "outcome": record["outcome"],
        "objectType": record["object"]["type"], "objectId": record["object"]["id"],
        "objectHost": record["object"].get("host"), "account": record["actor"].get("account_id"),
        "user": record["actor"].get("provider_user"), "osUser": record["actor"]["os_user"],
        "operation": record.get("corr"), "reason": record.get("reason"), "hash": record["hash"],
    }
    for name, wanted in expected.items():
        wanted = None if wanted is None else spaced(wanted)
        # This parser, too, takes the values apart and leaves their escapes (RFC 5424, 6.3.3).
        got = data.get(name)
        got = None if got is None else re.sub(r'\\(["\\\]])', r"\1", got)
        if shortened != line and wanted is not None:
            wanted = wanted.removesuffix("\\")
        same(f"syslog {name}", got, wanted)
    same("syslog record", json.loads(found.msg), record)

print(f"{compared} fields compared, 0 differ")
