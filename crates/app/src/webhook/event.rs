//! What webhooks are told of.

use integrations::chat::Level;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EventKind {
    IssueCreated,
    ApprovalRequested,
    SentBack,
    Approved,
    RolloutFailed,
    RolloutCompleted,
    ReleaseCreated,
    EmergencyUsed,
}

impl EventKind {
    pub const ALL: [Self; 8] = [
        Self::IssueCreated,
        Self::ApprovalRequested,
        Self::SentBack,
        Self::Approved,
        Self::RolloutFailed,
        Self::RolloutCompleted,
        Self::ReleaseCreated,
        Self::EmergencyUsed,
    ];

    /// As the store and receivers of one's own know it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::IssueCreated => "issue.created",
            Self::ApprovalRequested => "issue.approval_requested",
            Self::SentBack => "issue.sent_back",
            Self::Approved => "issue.approved",
            Self::RolloutFailed => "rollout.failed",
            Self::RolloutCompleted => "rollout.completed",
            Self::ReleaseCreated => "release.created",
            Self::EmergencyUsed => "emergency.used",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    pub(super) const fn headline(self) -> &'static str {
        match self {
            Self::IssueCreated => "Issue created",
            Self::ApprovalRequested => "Approval requested",
            Self::SentBack => "Sent back",
            Self::Approved => "Approved",
            Self::RolloutFailed => "Rollout failed",
            Self::RolloutCompleted => "Rollout completed",
            Self::ReleaseCreated => "Release created",
            Self::EmergencyUsed => "Emergency change",
        }
    }

    pub(super) const fn level(self) -> Level {
        match self {
            Self::IssueCreated | Self::ApprovalRequested | Self::ReleaseCreated => Level::Info,
            Self::Approved | Self::RolloutCompleted => Level::Success,
            Self::SentBack | Self::EmergencyUsed => Level::Warning,
            Self::RolloutFailed => Level::Failure,
        }
    }
}
