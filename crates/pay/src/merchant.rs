//! Who pays: read from a file in TOML, each fault of which is told with what to do about it. No message and no `Debug` says
//! a key, nor a line of the file that could hold one.

use crate::{der, seal};
use core::fmt;
use hyper::Uri;
use ring::aead::LessSafeKey;
use ring::signature::RsaKeyPair;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{PrivatePkcs8KeyDer, SubjectPublicKeyInfoDer};
use woodlark_outward::{Base, BaseError, plain};

/// The most characters of a text that people see or that is reported: activity, reward, remark.
pub const TEXT_MAX: usize = 32;
/// The scene of cash marketing 现金营销, whose two report infos are 活动名称 and 奖励说明.
pub const CASH_MARKETING: &str = "1000";
/// What a recipient may be told in that scene.
pub const PERCEPTIONS: &[&str] = &["现金奖励", "活动奖励"];

/// The keys of the file, each with what it must be.
const KEYS: &[(&str, &str)] = &[
    ("base", "the address of WeChat Pay: base = \"https://api.mch.weixin.qq.com\""),
    (
        "appid",
        "the AppID that the openids belong to, as the platform shows it: letters, digits, - and _, 32 at most",
    ),
    ("mchid", "the merchant's number: digits, 32 at most"),
    ("serial", "the serial number of the merchant's certificate: letters and digits, 64 at most"),
    (
        "private_key",
        "the path of the merchant's private key (apiclient_key.pem), beside this file or absolute",
    ),
    ("apiv3_key", "the APIv3 key: the 32 letters and digits that were set on the merchant platform"),
    (
        "platform_keys",
        "a table of WeChat Pay's public keys: [platform_keys], then PUB_KEY_ID_… = \"pub_key.pem\"",
    ),
    ("answers_by", "the id, among platform_keys, of the key that answers are to be signed with"),
    ("scene", "the number of the transfer scene: scene = \"1000\" for cash marketing"),
    ("activity", "the name of the activity 活动名称 that is reported: 1 to 32 characters"),
    ("reward", "what the reward is for 奖励说明, as it is reported: 1 to 32 characters"),
    ("perception", "what the recipient reads about it: 现金奖励 or 活动奖励 in scene 1000"),
    ("remark", "the remark that the recipient reads: 1 to 32 characters"),
    (
        "notify_url",
        "where WeChat Pay posts what became of it: https, without ? and #, 255 characters at most",
    ),
];

/// A merchant's file that can't be used.
#[derive(Debug, thiserror::Error)]
pub enum MerchantError {
    /// A file can't be read.
    #[error("{path}: {cause}. Put it there, or correct the path, and see that the server may read it")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// The file is no TOML. The line is not shown: a key may stand there.
    #[error("line {0} of the merchant's file is not TOML: write each setting once, as name = \"value\"")]
    Syntax(usize),
    /// Something is not set.
    #[error("{name} is missing in the merchant's file. It is {rule}")]
    Missing {
        /// Its name.
        name: &'static str,
        /// What it is.
        rule: &'static str,
    },
    /// Something is not as it must be.
    #[error("{name} in the merchant's file cannot be used. It is {rule}")]
    Wrong {
        /// Its name.
        name: &'static str,
        /// What it must be.
        rule: &'static str,
    },
    /// A name that is none of ours.
    #[error("the merchant's file has a setting {0} that nobody knows: correct its name or take it out")]
    Unknown(String),
    /// Money would go over the network in the open.
    #[error(
        "base in the merchant's file must begin with https://. http:// is for a stand-in on this machine alone"
    )]
    Open,
    /// The private key is none.
    #[error(
        "{0} holds no RSA key of 2048 bits or more in PKCS#8 (-----BEGIN PRIVATE KEY-----). Take apiclient_key.pem from the merchant platform; openssl pkcs8 -topk8 -nocrypt rewrites an older form"
    )]
    PrivateKey(PathBuf),
    /// A public key is none.
    #[error(
        "{0} holds no RSA public key of 2048 bits or more (-----BEGIN PUBLIC KEY-----). Download it from the merchant platform; openssl x509 -pubkey -noout takes it out of a certificate"
    )]
    PublicKey(PathBuf),
    /// Several keys and no word which.
    #[error(
        "the merchant's file has several platform_keys: say which of them answers are to be signed with, answers_by = \"…\""
    )]
    Choose,
}

/// A merchant: keys, numbers and texts.
pub struct Merchant {
    pub(crate) base: Base,
    pub(crate) appid: String,
    pub(crate) mchid: String,
    pub(crate) serial: String,
    pub(crate) key: RsaKeyPair,
    pub(crate) seal: LessSafeKey,
    /// WeChat Pay's keys as ring reads them, by their id.
    pub(crate) platform: BTreeMap<String, Vec<u8>>,
    pub(crate) answers_by: String,
    pub(crate) scene: String,
    pub(crate) activity: String,
    pub(crate) reward: String,
    pub(crate) perception: String,
    pub(crate) remark: String,
    pub(crate) notify_url: Option<String>,
}

impl fmt::Debug for Merchant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Merchant")
            .field("base", &self.base.authority())
            .field("mchid", &self.mchid)
            .field("appid", &self.appid)
            .field("scene", &self.scene)
            .finish_non_exhaustive()
    }
}

impl Merchant {
    /// Reads a merchant's file and the keys that it names; their paths are taken from the file's folder.
    ///
    /// # Errors
    /// [`MerchantError`]: the first thing that is wrong, and what to do.
    pub fn read(path: &Path) -> Result<Self, MerchantError> {
        let open = |path: &Path| {
            std::fs::read_to_string(path)
                .map_err(|cause| MerchantError::File { path: path.to_owned(), cause })
        };
        let folder = path.parent().unwrap_or(Path::new(""));
        Self::from_toml(&open(path)?, |key| open(&folder.join(key)))
    }

    /// The same of the file's text, where the keys lie elsewhere than in files.
    ///
    /// # Errors
    /// [`MerchantError`], also where `open` gives it.
    pub fn from_toml(
        text: &str,
        open: impl Fn(&Path) -> Result<String, MerchantError>,
    ) -> Result<Self, MerchantError> {
        let file: toml::Table = text.parse().map_err(|error| MerchantError::Syntax(line(text, &error)))?;
        if let Some(name) = file.keys().find(|name| KEYS.iter().all(|(known, _)| known != name)) {
            return Err(MerchantError::Unknown(name.chars().filter(|c| !c.is_control()).take(64).collect()));
        }
        let file = File(&file);
        let base = file.base()?;
        let private_key = PathBuf::from(file.text("private_key", |path| !path.is_empty())?);
        let key = PrivatePkcs8KeyDer::from_pem_slice(open(&private_key)?.as_bytes())
            .ok()
            .and_then(|der| RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()).ok())
            .ok_or(MerchantError::PrivateKey(private_key))?;
        let seal =
            file.text("apiv3_key", |key| key.len() == 32 && key.bytes().all(|b| b.is_ascii_graphic()))?;
        let platform = file.platform(open)?;
        let scene = file.text("scene", |scene| plain(scene, 32, |_| false))?;
        let perceived =
            |text: &str| if scene == CASH_MARKETING { PERCEPTIONS.contains(&text) } else { seen(text) };
        let this = Self {
            appid: file.text("appid", |appid| plain(appid, 32, |c| c == '-' || c == '_'))?,
            mchid: file
                .text("mchid", |id| plain(id, 32, |_| false) && id.bytes().all(|b| b.is_ascii_digit()))?,
            serial: file.text("serial", |serial| plain(serial, 64, |_| false))?,
            key,
            seal: seal::key(seal.as_bytes()).ok_or_else(|| wrong("apiv3_key"))?,
            answers_by: file.answers_by(&platform)?,
            platform,
            activity: file.text("activity", seen)?,
            reward: file.text("reward", seen)?,
            perception: file.text("perception", perceived)?,
            remark: file.text("remark", seen)?,
            notify_url: file
                .has("notify_url")
                .then(|| file.text("notify_url", callback_address))
                .transpose()?,
            scene,
            base,
        };
        Ok(this)
    }

    /// The merchant's number: the caller of `requestMerchantTransfer` in the resident's WeChat says it.
    #[must_use]
    pub fn mchid(&self) -> &str {
        &self.mchid
    }

    /// The AppID that openids must belong to.
    #[must_use]
    pub fn appid(&self) -> &str {
        &self.appid
    }
}

/// The settings of a file.
struct File<'a>(&'a toml::Table);

impl File<'_> {
    fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// A text that is as it must be.
    fn text(&self, name: &'static str, right: impl Fn(&str) -> bool) -> Result<String, MerchantError> {
        let value = self.0.get(name).ok_or(MerchantError::Missing { name, rule: rule(name) })?;
        value.as_str().filter(|text| right(text)).map(str::to_owned).ok_or_else(|| wrong(name))
    }

    fn base(&self) -> Result<Base, MerchantError> {
        self.text("base", |_| true)?.parse().map_err(|error| match error {
            BaseError::Address => wrong("base"),
            BaseError::Open => MerchantError::Open,
        })
    }

    fn platform(
        &self,
        open: impl Fn(&Path) -> Result<String, MerchantError>,
    ) -> Result<BTreeMap<String, Vec<u8>>, MerchantError> {
        const NAME: &str = "platform_keys";
        let keys = self.0.get(NAME).ok_or(MerchantError::Missing { name: NAME, rule: rule(NAME) })?;
        let keys = keys.as_table().filter(|keys| !keys.is_empty()).ok_or_else(|| wrong(NAME))?;
        let read = |(id, path): (&String, &toml::Value)| {
            let path = path.as_str().filter(|_| plain(id, 64, |c| c == '_')).ok_or_else(|| wrong(NAME))?;
            let path = PathBuf::from(path);
            let pem = SubjectPublicKeyInfoDer::from_pem_slice(open(&path)?.as_bytes());
            let key = pem.as_ref().ok().and_then(|spki| der::rsa_public_key(spki.as_ref()));
            match key {
                Some((key, 256..)) => Ok((id.clone(), key.to_vec())),
                _ => Err(MerchantError::PublicKey(path)),
            }
        };
        keys.iter().map(read).collect()
    }

    fn answers_by(&self, platform: &BTreeMap<String, Vec<u8>>) -> Result<String, MerchantError> {
        if self.has("answers_by") {
            return self.text("answers_by", |id| platform.contains_key(id));
        }
        match platform.keys().next() {
            Some(only) if platform.len() == 1 => Ok(only.clone()),
            _ => Err(MerchantError::Choose),
        }
    }
}

fn rule(name: &str) -> &'static str {
    KEYS.iter().find(|(known, _)| *known == name).map_or("", |(_, rule)| rule)
}

fn wrong(name: &'static str) -> MerchantError {
    MerchantError::Wrong { name, rule: rule(name) }
}

/// The line of a fault, from 1.
fn line(text: &str, error: &toml::de::Error) -> usize {
    let at = error.span().map_or(0, |span| span.start);
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

/// A text that people see, or that is reported.
fn seen(text: &str) -> bool {
    (1..=TEXT_MAX).contains(&text.chars().count())
        && !text.chars().any(char::is_control)
        && text.trim() == text
}

/// An address that WeChat Pay would post to.
fn callback_address(text: &str) -> bool {
    let https =
        text.parse::<Uri>().is_ok_and(|uri| uri.scheme_str() == Some("https") && uri.host().is_some());
    https && text.len() <= 255 && !text.contains(['?', '#', '@'])
}
