//! Which addresses a webhook of a service may have. Pure; what the name resolves to is judged when something is sent.

use reqwest::Url;

use super::Service;

const LONGEST: usize = 2_048;

/// What an administrator allowed beyond the rule.
#[derive(Debug, Clone, Default)]
pub struct Allowed {
    /// Hosts that speak like one of the services, such as a chat server of one's own.
    pub hosts: Vec<String>,
    /// Plain http, for receivers in the private network.
    pub http: bool,
}

/// Reads the address of a webhook; the error says how to mend it.
pub fn check(service: Service, text: &str, allowed: &Allowed) -> Result<Url, String> {
    let text = text.trim();
    if text.len() > LONGEST || text.chars().any(char::is_control) {
        return Err(format!("use an address of at most {LONGEST} characters in one line"));
    }
    let url = Url::parse(text)
        .map_err(|_| "use a whole address, such as https://example.com/hook".to_owned())?;
    if url.scheme() != "https" && !(allowed.http && url.scheme() == "http") {
        return Err("use https://".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() || authority(text).contains('@') {
        return Err("leave out what stands before @ in the address".to_owned());
    }
    let host = url.host_str().unwrap_or_default().trim_end_matches('.').to_owned();
    if host.is_empty() {
        return Err("use an address with a host".to_owned());
    }
    let own = url.port().is_none();
    let extra =
        |h: &String| h.eq_ignore_ascii_case(&host) || h.eq_ignore_ascii_case(&with_port(&url));
    if allowed.hosts.iter().any(extra) {
        return Ok(url);
    }
    if service == Service::Generic {
        return match KNOWN.iter().find(|(_, known)| pretends(&host, known)) {
            Some((_, known)) => Err(format!("{host} looks like {known} and is not")),
            None => Ok(url),
        };
    }
    let hosts: Vec<&str> =
        KNOWN.iter().filter(|(s, _)| *s == service).map(|(_, host)| *host).collect();
    if own && hosts.iter().any(|known| fits(&host, known)) {
        return Ok(url);
    }
    Err(format!(
        "the webhooks of this service are at {}; an administrator can allow a server of your own with --webhook-host",
        hosts.join(", ")
    ))
}

/// Scheme and host: enough to tell webhooks apart, and nothing that lets somebody post.
pub fn masked(url: &Url) -> String {
    format!("{}://{}/…", url.scheme(), with_port(url))
}

/// Hosts of each service; `*.` stands for one or more labels.
const KNOWN: &[(Service, &str)] = &[
    (Service::Slack, "hooks.slack.com"),
    (Service::Slack, "hooks.slack-gov.com"),
    (Service::Discord, "discord.com"),
    (Service::Discord, "discordapp.com"),
    (Service::Teams, "*.webhook.office.com"),
    (Service::Teams, "*.logic.azure.com"),
    (Service::Teams, "*.api.powerplatform.com"),
    (Service::DingTalk, "oapi.dingtalk.com"),
    (Service::DingTalk, "api.dingtalk.com"),
    (Service::Feishu, "open.feishu.cn"),
    (Service::WeCom, "qyapi.weixin.qq.com"),
    (Service::Lark, "open.larksuite.com"),
    (Service::GoogleChat, "chat.googleapis.com"),
];

fn fits(host: &str, known: &str) -> bool {
    match known.strip_prefix('*') {
        Some(ending) => host.ends_with(ending) && host.len() > ending.len(),
        None => host == known,
    }
}

/// `hooks.slack.com.evil.io`
fn pretends(host: &str, known: &str) -> bool {
    let known = known.trim_start_matches("*.");
    host.contains(&format!("{known}.")) || host.contains(&format!("{known}-"))
}

fn with_port(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

fn authority(text: &str) -> &str {
    let rest = text.split_once("//").map_or(text, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ok(service: Service, text: &str) -> bool {
        check(service, text, &Allowed::default()).is_ok()
    }

    #[test]
    fn each_service_has_its_hosts() {
        for (service, good) in [
            (Service::Slack, "https://hooks.slack.com/services/T0/B0/x"),
            (Service::Discord, "https://discord.com/api/webhooks/1/x"),
            (Service::Teams, "https://acme.webhook.office.com/webhookb2/x"),
            (Service::Teams, "https://prod-11.westus.logic.azure.com/workflows/x?sig=y"),
            (Service::DingTalk, "https://oapi.dingtalk.com/robot/send?access_token=x"),
            (Service::Feishu, "https://open.feishu.cn/open-apis/bot/v2/hook/x"),
            (Service::WeCom, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x"),
            (Service::Lark, "https://open.larksuite.com/open-apis/bot/v2/hook/x"),
            (Service::GoogleChat, "https://chat.googleapis.com/v1/spaces/x/messages?key=y"),
            (Service::Generic, "https://basalt-hooks.example.com:8443/x"),
        ] {
            assert!(ok(service, good), "{good}");
        }
    }

    #[test]
    fn what_only_looks_right_is_refused() {
        for (service, bad) in [
            (Service::Slack, "http://hooks.slack.com@127.0.0.1/"),
            (Service::Slack, "https://hooks.slack.com@127.0.0.1/"),
            (Service::Slack, "https://@hooks.slack.com/"),
            (Service::Slack, "https://hooks.slack.com.evil.io/services/x"),
            (Service::Generic, "https://hooks.slack.com.evil.io/services/x"),
            (Service::Generic, "https://user:pass@example.com/"),
            (Service::Slack, "http://hooks.slack.com/services/x"),
            (Service::Slack, "https://hooks.slack.com:8443/services/x"),
            (Service::Slack, "https://evil.io/hooks.slack.com"),
            (Service::Slack, "https://evilhooks.slack.com/x"),
            (Service::Slack, "https://hооks.slack.com/x"),
            (Service::Teams, "https://webhook.office.com.evil.io/"),
            (Service::Teams, "https://.webhook.office.com/"),
            (Service::Generic, "gopher://127.0.0.1:70/"),
            (Service::Generic, "file:///etc/passwd"),
            (Service::Generic, "https://"),
            (Service::Generic, "/hook"),
            (Service::Generic, "https://exa\nmple.com/"),
        ] {
            assert!(!ok(service, bad), "{bad}");
        }
    }

    #[test]
    fn an_administrator_can_allow_more() {
        let allowed = Allowed { hosts: vec!["chat.example.com".into()], http: true };
        assert!(check(Service::Slack, "https://chat.example.com/hooks/x", &allowed).is_ok());
        assert!(check(Service::Generic, "http://10.0.0.7:9000/", &allowed).is_ok());
        assert!(check(Service::Slack, "https://other.example.com/", &allowed).is_err());
        let url = check(Service::Generic, "https://e.com:1/secret?t=x", &allowed).unwrap();
        assert_eq!(masked(&url), "https://e.com:1/…");
    }
}
