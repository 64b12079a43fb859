//! JUnit XML: a test suite a file, a test case a finding. Errors fail, warnings pass and say what they found; a file
//! without findings is a case that passes.

use std::borrow::Cow;
use std::io;

use anyhow::Result;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesStart, BytesText, Event};
use review::{Advice, Status};

use crate::review::reviewed::{Reviewed, name};

type Out = Writer<Vec<u8>>;

const SUITES: &str = "testsuites";

pub fn begin() -> Result<String> {
    let mut out = writer();
    out.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let suites = BytesStart::new(SUITES).with_attributes([("name", "basalt review")]);
    out.write_event(Event::Start(suites))?;
    Ok(String::from_utf8(out.into_inner())?)
}

pub fn of_file(file: &Reviewed) -> Result<String> {
    let mut out = writer();
    // What stands inside knows its depth by what was opened.
    out.write_event(Event::Start(BytesStart::new(SUITES)))?;
    out.get_mut().clear();
    suite(&mut out, file)?;
    Ok(String::from_utf8(out.into_inner())?)
}

pub fn end() -> String {
    format!("\n</{SUITES}>\n")
}

fn writer() -> Out {
    Writer::new_with_indent(Vec::new(), b' ', 2)
}

fn suite(out: &mut Out, file: &Reviewed) -> io::Result<()> {
    let advices = &file.report.advices;
    let failures = advices.iter().filter(|a| a.status == Status::Error).count();
    out.create_element("testsuite")
        .with_attribute(("name", &*allowed(&file.path)))
        .with_attribute(("tests", &*advices.len().max(1).to_string()))
        .with_attribute(("failures", &*failures.to_string()))
        .with_attribute(("errors", "0"))
        .write_inner_content(|out| {
            if advices.is_empty() {
                out.create_element("testcase")
                    .with_attribute(("classname", &*allowed(&file.path)))
                    .with_attribute(("name", "review"))
                    .write_empty()?;
            }
            advices.iter().try_for_each(|advice| case(out, file, advice))
        })?;
    Ok(())
}

fn case(out: &mut Out, file: &Reviewed, advice: &Advice) -> io::Result<()> {
    let line = file.place(advice).map_or(1, |p| p.start.line);
    let message = format!("{}:{line}: {}", file.path, advice.content);
    out.create_element("testcase")
        .with_attribute(("classname", &*allowed(&file.path)))
        .with_attribute(("name", &*format!("{} line {line}", name(advice))))
        .with_attribute(("file", &*allowed(&file.path)))
        .with_attribute(("line", &*line.to_string()))
        .write_inner_content(|out| {
            let text = BytesText::new(&allowed(&message)).into_owned();
            if advice.status == Status::Error {
                out.create_element("failure")
                    .with_attribute(("type", name(advice)))
                    .with_attribute(("message", &*allowed(&advice.content)))
                    .write_text_content(text)?;
            } else {
                out.create_element("system-out").write_text_content(text)?;
            }
            Ok(())
        })?;
    Ok(())
}

/// XML 1.0 has no way to write most control characters.
fn allowed(text: &str) -> Cow<'_, str> {
    let is_forbidden = |c: char| {
        (c < ' ' && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{fffe}' | '\u{ffff}')
    };
    if text.contains(is_forbidden) {
        Cow::Owned(text.replace(is_forbidden, "\u{fffd}"))
    } else {
        Cow::Borrowed(text)
    }
}
