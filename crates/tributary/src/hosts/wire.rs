//! Git's own protocol as far as reading a repository takes: version 2, and the one before it where
//! a server knows no better. From bytes to values; `remote` carries them.
//!
//! Formats are those of `gitprotocol-v2` and `gitprotocol-pack` in Git's documentation.

use std::io::{self, Read, Write};

use super::{RefKind, Reference};

/// A packet, which is a line most of the time.
#[derive(Debug, PartialEq, Eq)]
enum Packet {
    Data(Vec<u8>),
    /// The end of a message.
    Flush,
    /// The end of a part of it, or of the answer.
    Other,
}

/// What a server says of itself before it is asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Advertised {
    pub(super) is_v2: bool,
    /// Whether it leaves out contents when asked to, and gives them later.
    pub(super) can_filter: bool,
    /// Whether it leaves out history.
    pub(super) can_be_shallow: bool,
    /// Whether its ids are by SHA-256. What is said to it names that then, as Git wants.
    pub(super) is_sha256: bool,
    /// What an old server has listed already.
    refs: Vec<Ref>,
}

/// A line of a list of refs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ref {
    pub(super) name: String,
    id: String,
    peeled: Option<String>,
    /// The ref that it stands for.
    leads_to: Option<String>,
}

impl Ref {
    /// The branch that it stands for.
    pub(super) fn branch(&self) -> Option<String> {
        let name = self.leads_to.as_deref()?.strip_prefix("refs/heads/")?;
        Some(name.to_owned())
    }

    /// The commit, unless something else was tagged.
    pub(super) fn commit(&self) -> &str {
        self.peeled.as_deref().unwrap_or(&self.id)
    }

    /// Reads it as a server writes it; none where a branch has no commit, and so no id.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut parts = text.split(' ');
        let id = parts.next().filter(|id| is_id(id))?;
        let name = parts.next().filter(|name| is_name(name))?;
        let (mut peeled, mut leads_to) = (None, None);
        for part in parts {
            match part.split_once(':') {
                Some(("peeled", id)) if is_id(id) => peeled = Some(id.to_owned()),
                Some(("symref-target", to)) if is_name(to) => leads_to = Some(to.to_owned()),
                _ => {}
            }
        }
        Some(Self {
            name: name.to_owned(),
            id: id.to_owned(),
            peeled,
            leads_to,
        })
    }

    /// Writes it so that it can be read again.
    pub(super) fn line(&self) -> String {
        let more = |name: &str, value: &Option<String>| match value {
            Some(value) => format!(" {name}:{value}"),
            None => String::new(),
        };
        let (to, peeled) = (
            more("symref-target", &self.leads_to),
            more("peeled", &self.peeled),
        );
        format!("{} {}{to}{peeled}", self.id, self.name)
    }

    pub(super) fn reference(&self, kind: RefKind, prefix: &str) -> Option<Reference> {
        Some(Reference {
            kind,
            name: self.name.strip_prefix(prefix)?.to_owned(),
            commit: Some(self.commit().to_owned()),
        })
    }
}

/// What is fetched.
#[derive(Debug, Clone)]
pub(super) struct Wants<'a> {
    pub(super) ids: Vec<&'a str>,
    /// Whether the commits before are wanted too.
    pub(super) with_history: bool,
    /// Whether the contents of files are left out, where the server can.
    pub(super) without_blobs: bool,
    /// Commits that are here with their trees, which are not sent again.
    pub(super) have: &'a [String],
    /// Those of them whose commits before are not here.
    pub(super) shallow: &'a [String],
}

/// How both sides say that ids are by SHA-256.
const SHA256: &str = "object-format=sha256";

fn strange(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.to_owned())
}

fn packet(from: &mut impl Read) -> io::Result<Packet> {
    let mut length = [0; 4];
    from.read_exact(&mut length)?;
    let text = std::str::from_utf8(&length).map_err(|_| strange("it is not Git's protocol"))?;
    let length =
        usize::from_str_radix(text, 16).map_err(|_| strange("it is not Git's protocol"))?;
    match length {
        0 => Ok(Packet::Flush),
        1 | 2 => Ok(Packet::Other),
        3 => Err(strange("a packet has no length")),
        _ => {
            let mut data = vec![0; length - 4];
            from.read_exact(&mut data)?;
            if let Some(said) = data.strip_prefix(b"ERR ") {
                return Err(strange(&String::from_utf8_lossy(said)));
            }
            Ok(Packet::Data(data))
        }
    }
}

fn line(data: &[u8]) -> String {
    String::from_utf8_lossy(data).trim_end().to_owned()
}

fn push(request: &mut Vec<u8>, line: &str) {
    request.extend_from_slice(format!("{:04x}{line}\n", line.len() + 5).as_bytes());
}

fn is_id(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether a ref can be called so: Git allows neither a space nor a sign that steers. What is kept of
/// refs has a line for each, which such a name would end.
fn is_name(text: &str) -> bool {
    !text.is_empty() && !text.contains(|sign: char| sign.is_control() || sign == ' ')
}

/// Reads what a server says of itself.
pub(super) fn advertised(from: &mut impl Read) -> io::Result<Advertised> {
    let mut found = Advertised::default();
    let mut is_first = true;
    loop {
        let data = match packet(from)? {
            Packet::Data(data) => data,
            // Over HTTP a line with the name of the service comes before.
            Packet::Flush if is_first => continue,
            Packet::Flush => return Ok(found),
            Packet::Other => return Err(strange("it is not Git's protocol")),
        };
        if data.starts_with(b"# service=") {
            continue;
        }
        let text = line(&data);
        if is_first && text == "version 2" {
            found.is_v2 = true;
            // Every server of this version is able to.
            found.can_be_shallow = true;
        } else if found.is_v2 {
            found.is_sha256 |= text == SHA256;
            found.can_filter |= text
                .strip_prefix("fetch=")
                .is_some_and(|able| able.split(' ').any(|one| one == "filter"));
        } else {
            let (named, able) = text.split_once('\0').unwrap_or((&text, ""));
            let mut known = able.split(' ');
            let leads_to = known.find_map(|one| one.strip_prefix("symref=HEAD:"));
            found.can_be_shallow |= able.split(' ').any(|one| one == "shallow");
            found.is_sha256 |= able.split(' ').any(|one| one == SHA256);
            let Some((id, name)) = named.split_once(' ').filter(|(id, _)| is_id(id)) else {
                if named.starts_with("version ") || named.starts_with("shallow ") {
                    continue;
                }
                return Err(strange("it is not Git's protocol"));
            };
            match (name.strip_suffix("^{}"), found.refs.last_mut()) {
                // An empty repository says so by a name of its own.
                (Some("capabilities"), _) => {}
                (Some(tag), Some(last)) if last.name == tag => last.peeled = Some(id.to_owned()),
                (Some(_), _) => {}
                (None, _) if !is_name(name) => {}
                (None, _) => found.refs.push(Ref {
                    name: name.to_owned(),
                    id: id.to_owned(),
                    peeled: None,
                    leads_to: leads_to
                        .filter(|to| name == "HEAD" && is_name(to))
                        .map(str::to_owned),
                }),
            }
        }
        is_first = false;
    }
}

impl Advertised {
    /// The refs, where the server has listed them without being asked.
    pub(super) fn refs(&self) -> Option<&[Ref]> {
        (!self.is_v2).then_some(&self.refs)
    }

    /// Says which ids are meant, where they are not those that every server has.
    fn push_format(&self, request: &mut Vec<u8>) {
        if self.is_sha256 {
            push(request, SHA256);
        }
    }

    /// Asks for refs whose names begin so.
    pub(super) fn ask_for_refs(&self, prefixes: &[&str]) -> Vec<u8> {
        let mut request = Vec::new();
        push(&mut request, "command=ls-refs");
        self.push_format(&mut request);
        request.extend_from_slice(b"0001");
        push(&mut request, "peel");
        push(&mut request, "symrefs");
        for prefix in prefixes {
            push(&mut request, &format!("ref-prefix {prefix}"));
        }
        request.extend_from_slice(b"0000");
        request
    }

    /// Asks for objects.
    pub(super) fn ask_for(&self, wants: &Wants<'_>) -> Vec<u8> {
        let is_shallow = self.can_be_shallow && !wants.with_history;
        let mut request = Vec::new();
        if self.is_v2 {
            push(&mut request, "command=fetch");
            self.push_format(&mut request);
            request.extend_from_slice(b"0001");
            push(&mut request, "ofs-delta");
            push(&mut request, "no-progress");
            if !wants.have.is_empty() {
                // Without it a server sends all trees of a commit whose past it cuts off.
                push(&mut request, "thin-pack");
            }
            for id in &wants.ids {
                push(&mut request, &format!("want {id}"));
            }
            for id in wants.shallow {
                push(&mut request, &format!("shallow {id}"));
            }
            if is_shallow {
                push(&mut request, "deepen 1");
            }
            for id in wants.have {
                push(&mut request, &format!("have {id}"));
            }
            if self.can_filter && wants.without_blobs {
                push(&mut request, "filter blob:none");
            }
            push(&mut request, "done");
            request.extend_from_slice(b"0000");
            return request;
        }
        for (number, id) in wants.ids.iter().enumerate() {
            let able = match (number, wants.have.is_empty()) {
                (0, true) => " ofs-delta side-band-64k no-progress shallow",
                (0, false) => " ofs-delta side-band-64k no-progress shallow thin-pack",
                _ => "",
            };
            let format = match number == 0 && self.is_sha256 {
                true => format!(" {SHA256}"),
                false => String::new(),
            };
            push(&mut request, &format!("want {id}{able}{format}"));
        }
        // A server that leaves out no history has sent all of it, and knows no such words.
        let shallow = wants.shallow.iter().filter(|_| self.can_be_shallow);
        for id in shallow {
            push(&mut request, &format!("shallow {id}"));
        }
        if is_shallow {
            push(&mut request, "deepen 1");
        }
        request.extend_from_slice(b"0000");
        for id in wants.have {
            push(&mut request, &format!("have {id}"));
        }
        push(&mut request, "done");
        request
    }
}

/// Reads a list of refs.
pub(super) fn refs(from: &mut impl Read) -> io::Result<Vec<Ref>> {
    let mut found = Vec::new();
    while let Packet::Data(data) = packet(from)? {
        found.extend(Ref::read(&line(&data)));
    }
    Ok(found)
}

/// Takes the pack out of the answer to [`Advertised::ask_for`].
pub(super) fn pack(from: &mut impl Read, to: &mut impl Write) -> io::Result<()> {
    // Before it: what is shallow now, and what is known in common.
    loop {
        match packet(from)? {
            Packet::Flush | Packet::Other => {}
            Packet::Data(data) => {
                let text = line(&data);
                if text == "packfile" || text == "NAK" || text.starts_with("ACK ") {
                    break;
                }
            }
        }
    }
    loop {
        match packet(from)? {
            Packet::Flush | Packet::Other => return Ok(()),
            Packet::Data(data) => match data.split_first() {
                Some((1, pack)) => to.write_all(pack)?,
                Some((2, _)) | None => {}
                // An old server says of more than one commit that it has it too.
                Some(_) if data.starts_with(b"ACK ") => {}
                Some((3, said)) => return Err(strange(&String::from_utf8_lossy(said))),
                Some(_) => return Err(strange("a pack has an unknown band")),
            },
        }
    }
}
