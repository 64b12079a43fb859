//! Which addresses may be reached from here on behalf of a user. Judged after resolving, so that a name cannot hide one.
//!
//! Pure: whoever connects resolves, asks about every address of the name, and connects to what was judged.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// How far a connection may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Also the private network and this machine: databases and mail relays live there.
    Private,
    /// The public internet only: what people outside name, such as webhooks.
    Public,
}

/// Why nothing of ours may connect there; `None` when it may. `own_store` is where our own metadata is kept.
pub fn refusal(
    address: SocketAddr,
    own_store: &[SocketAddr],
    reach: Reach,
) -> Option<&'static str> {
    let ip = canonical(address.ip());
    if is_metadata_service(ip) {
        return Some("the address of a cloud metadata service");
    }
    if is_link_local(ip) {
        return Some("a link-local address");
    }
    if ip.is_unspecified() || ip.is_multicast() || ip == IpAddr::V4(Ipv4Addr::BROADCAST) {
        return Some("not the address of one server");
    }
    let ours = |own: &SocketAddr| canonical(own.ip()) == ip && own.port() == address.port();
    if own_store.iter().any(ours) {
        return Some("where Basalt keeps its own metadata");
    }
    match reach {
        Reach::Public if !is_public(ip) => {
            Some("an address of this machine or of a private network")
        }
        Reach::Public | Reach::Private => None,
    }
}

/// Whether the address is one of the public internet.
pub fn is_public(ip: IpAddr) -> bool {
    match canonical(ip) {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            let shared = a == 100 && (b & 0xc0) == 64;
            let benchmark = a == 198 && (b & 0xfe) == 18;
            let protocol = a == 192 && b == 0 && c == 0;
            !(v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_documentation()
                || v4.is_multicast()
                || a == 0
                || a >= 240
                || shared
                || benchmark
                || protocol)
        }
        IpAddr::V6(v6) => {
            let first = v6.segments()[0];
            let unique_local = (first & 0xfe00) == 0xfc00;
            let documentation = first == 0x2001 && v6.segments()[1] == 0xdb8;
            // Global unicast is 2000::/3; all else is special.
            (first & 0xe000) == 0x2000 && !unique_local && !documentation
        }
    }
}

/// The IPv4 address that an IPv6 one stands for, where a gateway would take it there: mapped, NAT64, 6to4.
fn canonical(ip: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = ip else { return ip };
    let s = v6.segments();
    let v4 = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        IpAddr::V4(Ipv4Addr::new(a, b, c, d))
    };
    match s {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => v4(high, low),
        [0x2002, high, low, ..] => v4(high, low),
        _ => ip,
    }
}

fn is_link_local(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(v4) => v4.is_link_local(),
        IpAddr::V6(v6) => (v6.segments()[0] & 0xffc0) == 0xfe80,
    }
}

/// Fixed addresses of the large clouds, beside 169.254.169.254, which is link-local.
fn is_metadata_service(ip: IpAddr) -> bool {
    const FIXED: [IpAddr; 4] = [
        IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)),
        IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
        IpAddr::V4(Ipv4Addr::new(192, 0, 0, 192)),
        IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
    ];
    FIXED.contains(&ip)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(address: &str, reach: Reach) -> bool {
        let own = ["127.0.0.1:5432".parse().unwrap()];
        refusal(address.parse().unwrap(), &own, reach).is_some()
    }

    #[test]
    fn some_are_never_reached() {
        for bad in [
            "169.254.169.254:80",
            "[::ffff:169.254.169.254]:80",
            "[64:ff9b::a9fe:a9fe]:80",
            "[2002:a9fe:a9fe::1]:80",
            "[fe80::1]:5432",
            "[fd00:ec2::254]:80",
            "0.0.0.0:5432",
            "127.0.0.1:5432",
            "[::ffff:127.0.0.1]:5432",
            "224.0.0.1:80",
        ] {
            assert!(refused(bad, Reach::Private) && refused(bad, Reach::Public), "{bad}");
        }
    }

    #[test]
    fn private_ones_only_where_they_are_expected() {
        for private in [
            "127.0.0.1:5433",
            "10.0.0.7:3306",
            "172.31.0.1:443",
            "192.168.1.1:443",
            "100.64.0.1:443",
            "198.18.0.1:443",
            "[::1]:5432",
            "[::ffff:10.0.0.7]:443",
            "[fd12::1]:443",
            "[64:ff9b::a00:1]:443",
        ] {
            assert!(!refused(private, Reach::Private), "{private}");
            assert!(refused(private, Reach::Public), "{private}");
        }
        for public in ["8.8.8.8:443", "[2606:4700::1]:443", "[64:ff9b::808:808]:443"] {
            assert!(
                !refused(public, Reach::Private) && !refused(public, Reach::Public),
                "{public}"
            );
        }
    }
}
