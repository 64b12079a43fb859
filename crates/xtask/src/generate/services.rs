//! One trait a service, and one function that hands its handlers to a registry.
//!
//! Handlers take and return plain messages and know nothing of the transport. Every method has a default
//! that answers `unimplemented`, so an rpc may be declared long before it works. Streaming rpcs are left
//! out: they need a transport of their own.

use std::fmt::Write as _;

use prost_build::{Method, Service, ServiceGenerator};

pub struct ServiceTraits;

impl ServiceGenerator for ServiceTraits {
    fn generate(&mut self, service: Service, buffer: &mut String) {
        let unary: Vec<&Method> = service
            .methods
            .iter()
            .filter(|method| !method.client_streaming && !method.server_streaming)
            .collect();
        render_trait(&service, &unary, buffer)
            .and_then(|()| render_register(&service, &unary, buffer))
            .expect("writing to a string does not fail");
    }
}

/// The path on the wire: names as in the proto file, whatever Rust calls them.
fn path(service: &Service, method: &Method) -> String {
    format!("/{}.{}/{}", service.package, service.proto_name, method.proto_name)
}

fn render_trait(service: &Service, methods: &[&Method], out: &mut String) -> std::fmt::Result {
    for line in service.comments.leading.iter().flat_map(|text| text.lines()) {
        writeln!(out, "/// {}", line.trim())?;
    }
    writeln!(
        out,
        "pub trait {}<Cx: Send + 'static, E: crate::rpc::Failure>: Send + Sync + 'static {{",
        service.name
    )?;
    for method in methods {
        for line in method.comments.leading.iter().flat_map(|text| text.lines()) {
            writeln!(out, "    /// {}", line.trim())?;
        }
        writeln!(
            out,
            "    fn {}(&self, _cx: Cx, _request: {}) -> impl Future<Output = Result<{}, E>> + Send {{
        crate::rpc::unimplemented({:?})
    }}",
            method.name,
            method.input_type,
            method.output_type,
            path(service, method)
        )?;
    }
    writeln!(out, "}}")
}

fn render_register(service: &Service, methods: &[&Method], out: &mut String) -> std::fmt::Result {
    let function = format!("register_{}", snake(&service.name));
    writeln!(
        out,
        "/// Hands every unary rpc of [`{name}`] to the registry.
pub fn {function}<Cx, E, S>(registry: &mut impl crate::rpc::Register<Cx, E>, service: &std::sync::Arc<S>)
where
    Cx: Send + 'static,
    E: crate::rpc::Failure,
    S: {name}<Cx, E>,
{{",
        name = service.name
    )?;
    for method in methods {
        writeln!(
            out,
            "    crate::rpc::add(registry, {:?}, service, |service, cx, request| async move {{
        service.{}(cx, request).await
    }});",
            path(service, method),
            method.name
        )?;
    }
    writeln!(out, "}}")
}

/// `SqlService` → `sql_service`.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    for (index, letter) in name.char_indices() {
        if letter.is_uppercase() && index > 0 {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}
