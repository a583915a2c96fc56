//! Why a secured connection was not made, in words for people.

use std::error::Error as StdError;

use rustls::{AlertDescription, CertificateError};

use crate::Sentence;
use crate::error::Remedy;

/// Why a secured connection was refused, by us or by the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Nobody whom this machine trusts vouches for the server.
    Unknown,
    /// The certificate ended, or begins later.
    OutOfTime,
    /// The certificate is another server's.
    OtherName,
    /// The certificate is unfit in another way.
    Unfit,
    /// The server wants to be shown a certificate.
    WantsCertificate,
    /// Whatever answers does not speak TLS.
    NotTls,
}

impl Refusal {
    /// What an error of TLS says.
    pub(crate) fn of(error: &rustls::Error) -> Option<Self> {
        use rustls::Error as Tls;
        Some(match error {
            Tls::InvalidCertificate(reason) => match reason {
                CertificateError::UnknownIssuer => Self::Unknown,
                CertificateError::Expired
                | CertificateError::ExpiredContext { .. }
                | CertificateError::NotValidYet
                | CertificateError::NotValidYetContext { .. } => Self::OutOfTime,
                CertificateError::NotValidForName
                | CertificateError::NotValidForNameContext { .. } => Self::OtherName,
                _ => Self::Unfit,
            },
            Tls::AlertReceived(
                AlertDescription::CertificateRequired
                | AlertDescription::HandshakeFailure
                | AlertDescription::BadCertificate
                | AlertDescription::UnknownCA
                | AlertDescription::AccessDenied,
            ) => Self::WantsCertificate,
            Tls::InvalidMessage(_) => Self::NotTls,
            _ => return None,
        })
    }

    /// What happened, as a sentence without a period; `host` as messages name it.
    pub(crate) fn in_words(self, host: &str) -> Sentence {
        match self {
            Self::Unknown => sentence!("Nobody whom this machine trusts vouches for {host}", host),
            Self::OutOfTime => sentence!("The certificate of {host} is not valid today", host),
            Self::OtherName => {
                sentence!(
                    "The certificate that answers for {host} is another server's",
                    host
                )
            }
            Self::Unfit => sentence!("The certificate of {host} is not accepted", host),
            Self::WantsCertificate => {
                sentence!("{host} wants to be shown a certificate that it knows", host)
            }
            Self::NotTls => sentence!("What answers at {host} does not speak TLS", host),
        }
    }

    /// What somebody does about it.
    pub(crate) fn remedy(self) -> Remedy {
        match self {
            Self::Unknown => Remedy::of_each(
                "If your company vouches for it, get its certificate in PEM and name the file with \
                 `tributary network trust FILE`; otherwise somebody may be listening in",
                "If your company vouches for it, get its certificate in PEM and add the file under \
                 Settings, Network; otherwise somebody may be listening in",
            ),
            Self::OutOfTime => Remedy::from(
                "Look at this machine's clock; if it is right, tell whoever runs the server",
            ),
            Self::OtherName => {
                Remedy::from("Look at the address; if it is right, tell whoever runs the server")
            }
            Self::Unfit => Remedy::from("Tell whoever runs the server"),
            Self::WantsCertificate => Remedy::of_each(
                "Give the certificate that you got for it: `tributary network certificate HOST FILE`",
                "Give the certificate that you got for it under Settings, Network",
            ),
            Self::NotTls => {
                Remedy::from("Look at the address and its port; it may begin with `http://`")
            }
        }
    }
}

/// The refusal somewhere below an error.
pub(crate) fn refusal(error: &(dyn StdError + 'static)) -> Option<Refusal> {
    let mut at = Some(error);
    while let Some(error) = at {
        if let Some(error) = error.downcast_ref::<rustls::Error>() {
            return Refusal::of(error);
        }
        // What such an error holds is not what it names as its source.
        if let Some(held) = error
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref)
        {
            let held: &(dyn StdError + 'static) = held;
            if let Some(found) = refusal(held) {
                return Some(found);
            }
        }
        at = error.source();
    }
    None
}
