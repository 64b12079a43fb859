//! AuditLogService: who did what, and who was refused.

use api::bytebase::v1 as pb;
use api::google::rpc::Status;
use app::audit::{self, Entry, Format, Severity};
use app::cx::Cx;
use app::filter::Ask;
use base::page::Page;

use super::convert::value;
use super::{Error, Result};

pub struct AuditLogs;

impl pb::AuditLogService<Cx, Error> for AuditLogs {
    async fn search_audit_logs(
        &self,
        cx: Cx,
        request: pb::SearchAuditLogsRequest,
    ) -> Result<pb::SearchAuditLogsResponse> {
        let ask = Ask {
            order_by: request.order_by,
            ..Ask::new(request.filter, request.page_size, request.page_token)
        };
        let page = audit::search(&cx, &request.parent, &ask).await?;
        let (audit_logs, next_page_token) = value::page(page, to_wire);
        Ok(pb::SearchAuditLogsResponse { audit_logs, next_page_token })
    }

    async fn export_audit_logs(
        &self,
        cx: Cx,
        request: pb::ExportAuditLogsRequest,
    ) -> Result<pb::ExportAuditLogsResponse> {
        let format = match request.format() {
            pb::ExportFormat::Csv => Format::Csv,
            pb::ExportFormat::Json => Format::Json,
            _ => return Err(base::Error::field("format", "use CSV or JSON").into()),
        };
        let ask = Ask {
            order_by: request.order_by,
            ..Ask::new(request.filter, request.page_size, request.page_token)
        };
        let Page { items, next } = audit::export(&cx, &request.parent, &ask, format).await?;
        Ok(pb::ExportAuditLogsResponse {
            content: items,
            next_page_token: next.unwrap_or_default(),
        })
    }
}

fn to_wire(entry: Entry) -> pb::AuditLog {
    use pb::audit_log::Severity as Wire;

    let severity = match entry.severity {
        Severity::Info => Wire::Info,
        Severity::Notice => Wire::Notice,
        Severity::Warning => Wire::Warning,
        Severity::Error => Wire::Error,
    };
    let status = entry.fault.map(|(code, reason)| Status {
        code: base::Code::from_name(&code).unwrap_or(base::Code::Unknown).number(),
        message: reason,
        details: Vec::new(),
    });
    pb::AuditLog {
        name: entry.name,
        create_time: Some(value::timestamp(entry.time)),
        user: entry.actor,
        method: entry.method,
        severity: severity.into(),
        resource: entry.resource,
        request: entry.request,
        response: entry.answer,
        status,
        latency: Some(value::duration(entry.latency)),
        service_data: None,
        request_metadata: Some(pb::RequestMetadata {
            caller_ip: entry.client_ip,
            caller_supplied_user_agent: entry.user_agent,
        }),
        mcp_delegation: None,
    }
}
