//! basalt.toml: which dialect, and which rules with which levels and payloads.
//!
//! Read by hand, not by serde: every error names the line, and what was meant.

use std::path::Path;

use anyhow::{Context as _, Error, Result, anyhow};
use base::{EngineKind, LineIndex};
use review::{Exception, Level, Payload, PayloadKind, Rule, RuleConfig, RuleType};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::dialects;
use super::inputs::{self, Source};

/// How to review.
pub struct Settings {
    pub dialect: Option<EngineKind>,
    pub version: Option<(u32, u32)>,
    pub rules: Vec<RuleConfig>,
    /// Comments in scripts take nothing away.
    pub refuse_suppression: bool,
}

const KEYS: [&str; 5] = ["dialect", "version", "preset", "rules", "refuse_suppression"];
const PRODUCTION: &str = "production";

impl Settings {
    /// Without a file: the production set.
    pub fn of(dialect: Option<EngineKind>) -> Self {
        let rules = dialect.map(review::production).unwrap_or_default();
        Self { dialect, version: None, rules, refuse_suppression: false }
    }
}

/// Reads a configuration; a dialect of the command line wins over its own.
pub fn read(path: &Path, dialect: Option<EngineKind>) -> Result<Settings> {
    let file = inputs::read(&Source::File(path.to_owned()))?;
    let lines = LineIndex::new(&file.text);
    let reader = Reader { path: &file.path, text: &file.text, lines };
    reader.settings(dialect)
}

struct Reader<'a> {
    path: &'a str,
    text: &'a str,
    lines: LineIndex,
}

type Value<'a> = Spanned<DeValue<'a>>;

impl<'a> Reader<'a> {
    fn settings(&self, dialect: Option<EngineKind>) -> Result<Settings> {
        let root = DeTable::parse(self.text)
            .map_err(|e| self.error(e.span().map_or(0, |s| s.start), e.message()))?;
        let root = root.into_inner();
        self.only(&root, &["review"], "section")?;
        let review = root.get("review").context("the section [review] is missing");
        let review = self.table(review.with_context(|| self.path.to_owned())?, "review")?;
        self.only(review, &KEYS, "key of [review]")?;
        let dialect = match (dialect, review.get("dialect")) {
            (Some(dialect), _) => Some(dialect),
            (None, Some(value)) => Some(self.dialect(value)?),
            (None, None) => None,
        };
        let version = review.get("version").map(|v| self.version(v)).transpose()?;
        let listed = review.get("rules").map(|v| self.array(v, "rules")).transpose()?;
        let engine = dialect.with_context(|| {
            format!("{}: say whose SQL it is: dialect = \"postgres\"", self.path)
        })?;
        // Rules of its own replace the production set, unless the file builds on it.
        let builds_on = match review.get("preset") {
            None => listed.is_none(),
            Some(value) if self.string(value, "preset")? == PRODUCTION => true,
            Some(value) => {
                return Err(self.at(value, &format!("the only preset is \"{PRODUCTION}\"")));
            }
        };
        let mut rules = if builds_on { review::production(engine) } else { Vec::new() };
        for value in listed.into_iter().flatten() {
            let (rule, config) = self.rule(value, engine)?;
            rules.retain(|r| r.rule != rule);
            rules.extend(config);
        }
        let refuse =
            review.get("refuse_suppression").map(|v| self.boolean(v, "refuse_suppression"));
        let refuse_suppression = refuse.transpose()?.unwrap_or_default();
        Ok(Settings { dialect, version, rules, refuse_suppression })
    }

    /// A rule of the list; without a configuration when it is off.
    fn rule(
        &self,
        value: &Value<'a>,
        engine: EngineKind,
    ) -> Result<(RuleType, Option<RuleConfig>)> {
        let table = self.table(value, "a rule")?;
        let named =
            table.get("rule").ok_or_else(|| self.at(value, "a rule without rule = \"…\""))?;
        let name = self.string(named, "rule")?;
        let of_engine = |r: &&Rule| r.engines.contains(&engine);
        let known = || review::RULES.iter().filter(of_engine).map(|r| r.rule.as_str());
        let ty = RuleType::from_name(name).ok_or_else(|| {
            self.at(named, &format!("there is no rule \"{name}\"{}", near(name, known())))
        })?;
        let rule = review::rule(ty).filter(of_engine).ok_or_else(|| {
            self.at(named, &format!("{} is not for {}", ty.as_str(), engine.title()))
        })?;
        let level = match table.get("level") {
            None => Some(review::production_level(ty).unwrap_or(Level::Warning)),
            Some(level) => match self.string(level, "level")?.to_uppercase().as_str() {
                "ERROR" => Some(Level::Error),
                "WARNING" => Some(Level::Warning),
                "OFF" => None,
                other => {
                    let message = format!("level is ERROR, WARNING or OFF, not \"{other}\"");
                    return Err(self.at(level, &message));
                }
            },
        };
        let payload = self.payload(rule, table)?;
        let listed = table.get("exceptions").map(|v| self.array(v, "exceptions")).transpose()?;
        let exceptions =
            listed.into_iter().flatten().map(|v| self.exception(v)).collect::<Result<Vec<_>>>()?;
        let config = |level| RuleConfig { rule: ty, level, engine, payload, exceptions };
        Ok((ty, level.map(config)))
    }

    /// Where a rule does not hold, and why.
    fn exception(&self, value: &Value<'a>) -> Result<Exception> {
        let table = self.table(value, "an exception")?;
        self.only(table, &["schema", "table", "reason"], "field of an exception")?;
        let text = |name: &str| match table.get(name) {
            Some(value) => self.string(value, name).map(ToOwned::to_owned),
            None => Ok(String::new()),
        };
        let (schema, named, reason) = (text("schema")?, text("table")?, text("reason")?);
        if schema.is_empty() && named.is_empty() {
            return Err(self.at(value, "an exception names a table or a schema"));
        }
        if reason.trim().is_empty() {
            return Err(self.at(value, "an exception says why: reason = \"…\""));
        }
        Ok(Exception { schema, table: named, label: String::new(), reason })
    }

    /// The rule's default payload with what the table says otherwise.
    fn payload(&self, rule: &Rule, table: &DeTable<'a>) -> Result<Payload> {
        let mut payload = review::default_payload(rule);
        for (key, value) in table {
            let name: &str = key.get_ref();
            match (&mut payload, name) {
                (_, "rule" | "level" | "exceptions") => {}
                (Payload::Naming { format, .. }, "format") => {
                    *format = self.format(value)?;
                }
                (
                    Payload::Naming { max_length, .. }
                    | Payload::CommentConvention { max_length, .. },
                    "max_length",
                ) => {
                    *max_length = usize::try_from(self.number(value, name)?)
                        .map_err(|_| self.at(value, "max_length is not below 0"))?;
                }
                (Payload::Number { number }, "number") => *number = self.number(value, name)?,
                (Payload::StringArray { list }, "list") => {
                    let items = self.array(value, name)?.iter();
                    *list = items
                        .map(|v| self.string(v, "an item of list").map(ToOwned::to_owned))
                        .collect::<Result<_>>()?;
                }
                (Payload::CommentConvention { required, .. }, "required") => {
                    *required = self.boolean(value, name)?;
                }
                (Payload::String { value: text }, "value") => {
                    self.string(value, name)?.clone_into(text);
                }
                (Payload::NamingCase { upper }, "upper") => *upper = self.boolean(value, name)?,
                _ => {
                    let fields = fields(rule.payload);
                    let takes = match fields {
                        [] => "takes no payload".to_owned(),
                        fields => format!("takes {}", fields.join(", ")),
                    };
                    let near = near(name, fields.iter().copied());
                    let rule = rule.rule.as_str();
                    let message = format!("{rule} has no field \"{name}\"{near}; it {takes}");
                    return Err(self.error(key.span().start, &message));
                }
            }
        }
        Ok(payload)
    }

    fn format(&self, value: &Value<'a>) -> Result<String> {
        let format = self.string(value, "format")?;
        // Tokens stand for names, and names for themselves.
        let named = format.replace("{{", "").replace("}}", "");
        regex::Regex::new(&named)
            .map_err(|e| self.at(value, &format!("format is no regular expression: {e}")))?;
        Ok(format.to_owned())
    }

    fn dialect(&self, value: &Value<'a>) -> Result<EngineKind> {
        let name = self.string(value, "dialect")?;
        let known = dialects::named(name).filter(|d| review::dialect(*d).is_some());
        known.ok_or_else(|| {
            let all = EngineKind::ALL.iter().filter(|d| review::dialect(**d).is_some());
            let all: Vec<String> = all.map(|d| d.wire_name().to_lowercase()).collect();
            self.at(value, &format!("no rules for \"{name}\"; there are for {}", all.join(", ")))
        })
    }

    /// `"15"` or `"15.4"`.
    fn version(&self, value: &Value<'a>) -> Result<(u32, u32)> {
        let text = self.string(value, "version")?;
        let (major, minor) = text.split_once('.').unwrap_or((text, "0"));
        let version = major.parse().ok().zip(minor.parse().ok());
        version.ok_or_else(|| self.at(value, "version is like \"15\" or \"15.4\""))
    }

    fn table<'v>(&self, value: &'v Value<'a>, what: &str) -> Result<&'v DeTable<'a>> {
        value.get_ref().as_table().ok_or_else(|| self.wrong(value, what, "a table"))
    }

    fn array<'v>(&self, value: &'v Value<'a>, what: &str) -> Result<&'v [Value<'a>]> {
        let found = value.get_ref().as_array().map(|a| &**a);
        found.ok_or_else(|| self.wrong(value, what, "a list"))
    }

    fn string<'v>(&self, value: &'v Value<'a>, what: &str) -> Result<&'v str> {
        value.get_ref().as_str().ok_or_else(|| self.wrong(value, what, "a text in quotes"))
    }

    fn boolean(&self, value: &Value<'a>, what: &str) -> Result<bool> {
        value.get_ref().as_bool().ok_or_else(|| self.wrong(value, what, "true or false"))
    }

    fn number(&self, value: &Value<'a>, what: &str) -> Result<i64> {
        let number = value.get_ref().as_integer();
        let number = number.and_then(|n| i64::from_str_radix(n.as_str(), n.radix()).ok());
        number.ok_or_else(|| self.wrong(value, what, "a number"))
    }

    /// Refuses keys that nobody reads: a misspelt one would be silently without effect.
    fn only(&self, table: &DeTable<'a>, known: &[&'static str], what: &str) -> Result<()> {
        match table.keys().find(|k| !known.contains(&k.get_ref().as_ref())) {
            None => Ok(()),
            Some(key) => {
                let name = key.get_ref();
                let near = near(name, known.iter().copied());
                let message = format!("there is no {what} \"{name}\"{near}");
                Err(self.error(key.span().start, &message))
            }
        }
    }

    fn wrong(&self, value: &Value<'a>, what: &str, wanted: &str) -> Error {
        let found = value.get_ref().type_str();
        self.at(value, &format!("{what} is {wanted}, not of type {found}"))
    }

    fn at(&self, value: &Value<'a>, message: &str) -> Error {
        self.error(value.span().start, message)
    }

    fn error(&self, offset: usize, message: &str) -> Error {
        anyhow!("{}:{}: {message}", self.path, self.lines.position(self.text, offset).line)
    }
}

const fn fields(kind: PayloadKind) -> &'static [&'static str] {
    match kind {
        PayloadKind::None => &[],
        PayloadKind::Naming => &["format", "max_length"],
        PayloadKind::Number => &["number"],
        PayloadKind::StringArray => &["list"],
        PayloadKind::CommentConvention => &["required", "max_length"],
        PayloadKind::String => &["value"],
        PayloadKind::NamingCase => &["upper"],
    }
}

/// ` (did you mean X or Y?)`, or nothing when nothing is near.
pub fn near<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> String {
    let wanted = name.to_uppercase();
    let distance = |k: &str| strsim::damerau_levenshtein(&wanted, &k.to_uppercase());
    let mut near: Vec<(usize, &str)> = known.map(|k| (distance(k), k)).collect();
    near.retain(|(d, k)| *d <= k.len() / 3);
    near.sort_unstable();
    let near: Vec<&str> = near.into_iter().take(3).map(|(_, k)| k).collect();
    if near.is_empty() { String::new() } else { format!(" (did you mean {}?)", near.join(" or ")) }
}
