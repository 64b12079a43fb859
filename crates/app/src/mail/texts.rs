//! What mails say. Pure.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use store::rows::{Emergency, Plan};

/// Of addresses, so that mails show them as people write them.
const IN_QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'_');

/// One mail, but for whom it goes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Letter {
    /// Kind, for the outbox.
    pub event: &'static str,
    pub subject: String,
    pub text: String,
}

impl Letter {
    /// For somebody whom an administrator made an account.
    pub(crate) fn invite(console: &str, email: &str, by: &str, has_password: bool) -> Self {
        let by = if by.is_empty() { "An administrator" } else { by };
        let mut text = format!("{by} made an account for you in Basalt: {email}\n\n");
        if has_password {
            text +=
                "You are told your password in another way; you can change it once you are in.\n";
        } else {
            text += "Choose a password on the sign-in page, under \"Forgot password\".\n";
        }
        text += &link(console, "auth/signin");
        Self { event: "mail.invite", subject: "Your account in Basalt".to_owned(), text }
    }

    pub(crate) fn reset_code(console: &str, email: &str, code: &str) -> Self {
        let mut text = format!(
            "Your code to choose a new password is {code}. It is good for 15 minutes.\n\nIf you did not ask for it, do nothing: without the code nobody can change your password.\n"
        );
        let email = utf8_percent_encode(email, IN_QUERY);
        text += &link(console, &format!("auth/reset-password?email={email}"));
        Self { event: "mail.reset", subject: "Your code for a new password".to_owned(), text }
    }

    pub(crate) fn login_code(console: &str, code: &str) -> Self {
        let mut text = format!(
            "Your code to sign in is {code}. It is good for 15 minutes, once.\n\nIf you did not ask for it, do nothing, and tell nobody the code.\n"
        );
        text += &link(console, "auth/signin");
        Self { event: "mail.login", subject: "Your code to sign in".to_owned(), text }
    }

    /// For somebody who reviews an emergency run.
    pub(crate) fn emergency(console: &str, plan: &Plan, row: &Emergency) -> Self {
        let plan_name = format!("projects/{}/plans/{}", plan.project, plan.id);
        let payload = &row.payload;
        let mut text = format!(
            "{} ran {plan_name} ({}) in stage {} past its approval, and named you to review it until {}.\n\nReason: {}\nIncident: {}\nDatabases: {}\n",
            row.creator,
            plan.title,
            payload.stage,
            row.due_at,
            payload.reason,
            payload.incident_url,
            payload.databases.join(", ")
        );
        text += &link(console, &plan_name);
        Self {
            event: "mail.emergency",
            subject: format!("Emergency change: {}", plan.title.replace(['\r', '\n'], " ")),
            text,
        }
    }
}

/// What a mail about an approval is about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Review<'a> {
    pub console: &'a str,
    /// `projects/{project}/plans/{plan}`, or of the issue.
    pub page: &'a str,
    pub title: &'a str,
    /// Stages that wait for it; none: all of it.
    pub stages: &'a [String],
}

impl Review<'_> {
    fn stages(&self) -> String {
        if self.stages.is_empty() {
            String::new()
        } else {
            format!("Stages: {}\n", self.stages.join(", "))
        }
    }

    /// In one line, as subjects are.
    fn title(&self) -> String {
        self.title.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
    }
}

impl Letter {
    /// For somebody whose turn it is.
    pub(crate) fn approval_asked(of: Review<'_>, author: &str, role: &str) -> Self {
        let title = of.title();
        let mut text = format!(
            "{author} asks for an approval, and you can give it: {title}\n\nIt is the turn of {role}.\n{}",
            of.stages()
        );
        text += &link(of.console, of.page);
        text += TURN_OFF;
        Self { event: "mail.approval.asked", subject: format!("To approve: {title}"), text }
    }

    /// For the author.
    pub(crate) fn approved(of: Review<'_>, by: &str, comment: &str) -> Self {
        Self::answered(of, "mail.approval.approved", "Approved", by, comment)
    }

    /// For the author.
    pub(crate) fn sent_back(of: Review<'_>, by: &str, comment: &str) -> Self {
        Self::answered(of, "mail.approval.sent_back", "Sent back", by, comment)
    }

    fn answered(of: Review<'_>, event: &'static str, what: &str, by: &str, comment: &str) -> Self {
        let title = of.title();
        let mut text = format!("{what} by {by}: {title}\n{}", of.stages());
        if !comment.trim().is_empty() {
            text += &format!("\n{}\n", comment.trim());
        }
        text += &link(of.console, of.page);
        text += TURN_OFF;
        Self { event, subject: format!("{what}: {title}"), text }
    }
}

const TURN_OFF: &str = "\nYou can turn this mail off in your account.\n";

fn link(console: &str, page: &str) -> String {
    if console.is_empty() { String::new() } else { format!("\n{console}/{page}\n") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_leads_to_the_console_where_that_is_known() {
        let invite = |console| Letter::invite(console, "bo@example.com", "ann@example.com", true);
        assert!(invite("https://b.example").text.ends_with("\nhttps://b.example/auth/signin\n"));
        assert!(!invite("").text.contains("auth/"));
    }

    #[test]
    fn a_code_for_a_new_password_leads_to_where_it_is_taken() {
        let letter = Letter::reset_code("https://b.example", "bo+x@example.com", "12345678");
        let end = "\nhttps://b.example/auth/reset-password?email=bo%2Bx%40example.com\n";
        assert!(letter.text.ends_with(end), "{}", letter.text);
        assert!(
            !letter.text.replace("is 12345678.", "").contains("12345678"),
            "not in the address"
        );
    }

    #[test]
    fn a_title_makes_no_second_line_of_a_subject() {
        let title = "Add\r\nBcc: eve@example.com";
        let stages = ["prod".to_owned()];
        let of = Review {
            console: "https://b.example",
            page: "projects/a/plans/1",
            title,
            stages: &stages,
        };
        let asked = Letter::approval_asked(of, "ann@example.com", "roles/projectOwner");
        assert_eq!(asked.subject, "To approve: Add  Bcc: eve@example.com");
        assert!(asked.text.contains("Stages: prod\n\nhttps://b.example/projects/a/plans/1\n"));
        let back = Letter::sent_back(of, "bo@example.com", " not yet ").text;
        assert!(back.starts_with("Sent back by bo@example.com: ") && back.contains("\nnot yet\n"));
    }
}
