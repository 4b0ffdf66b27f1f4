internal import RelayModel

/// The named shapes of the interface. What the views write, these describe; a test compares them.
enum Schemas {
  typealias Member = Schema.Member

  static let all: [(name: String, schema: Schema)] = [
    ("Problem", problem), ("Event", event), ("EventSummary", eventSummary), ("Execution", execution),
    ("Approval", approval),
    ("ExecutionSummary", executionSummary), ("Step", step), ("Attempt", attempt), ("Failure", failure),
    ("Rejected", rejected), ("RejectedSummary", rejectedSummary), ("Secret", secret), ("Token", token),
    ("AuditEntry", audit), ("Status", status), ("Stats", stats), ("Reload", reload), ("Workflow", workflow),
    ("Version", version),
    ("Hook", hook), ("Backup", backup), ("Check", check), ("BulkResult", bulkResult), ("Accepted", accepted),
    ("Filter", filter), ("Header", header),
  ]

  private static let problem = Schema.object([
    Member("type", .text(format: "uri")), Member("title", .text()), Member("status", .integer()),
    Member("code", .text(), "Stable, for machines."), Member("detail", .text(), required: false),
  ])

  private static let header = Schema.object([Member("name", .text()), Member("value", .text())])

  private static let eventMembers = [
    Member("id", .text()), Member("hook", .text()),
    Member("type", .optional(.text()), "As the provider names it."),
    Member("delivery", .optional(.text()), "The provider's own id of the delivery."),
    Member("origin", .choice(["live", "replay", "retry", "manual"])),
    Member("received_at", .instant), Member("size", .integer(), "The body's, in bytes."),
    Member("executions", .list(of: .text()), "Their ids."),
  ]

  private static let eventSummary = Schema.object(eventMembers)

  private static let event = Schema.object(
    eventMembers + [
      Member("method", .text()), Member("target", .text(), "Path and query as they came."),
      Member("client", .text()), Member("headers", .list(of: .named("Header")), "Secrets are masked."),
      Member("body", .any, "Parsed where it is JSON, text where it is UTF-8, else null."),
      Member("body_base64", .text(), "Only where `body` cannot hold it.", required: false),
      Member("notes", .list(of: .text()), "For example a condition that failed."),
    ])

  private static let executionMembers = [
    Member("id", .text()), Member("workflow", .text()),
    Member("version", .text(), "SHA-256 of the workflow as written, in hexadecimal."),
    Member("status", .choice(ExecutionStatus.allCases.map(\.rawValue))), Member("hook", .text()),
    Member("event", .text(), "Its id."), Member("origin", .choice(["live", "replay", "retry", "manual"])),
    Member("attempts", .integer(), "Of all steps."), Member("created_at", .instant),
    Member("started_at", .optional(.instant)), Member("finished_at", .optional(.instant)),
    Member("due_at", .optional(.instant), "When it goes on, where it waits."),
    Member("reason", .optional(.text()), "Why it waits."), Member("failure", .optional(.named("Failure"))),
    Member("dead_letter", .flag, "Failed for good, and nobody has dealt with it."),
  ]

  private static let executionSummary = Schema.object(executionMembers)

  private static let execution = Schema.object(
    executionMembers + [
      Member(
        "approval", .optional(.named("Approval")), "The first of `approvals`; null where there is none."),
      Member(
        "approvals", .list(of: .named("Approval")),
        "What people are asked, where it waits for them: branches side by side may ask at once."),
      Member("steps", .list(of: .named("Step"))),
    ])

  private static let approval = Schema.object([
    Member("step", .text(), "Its path in names."), Member("title", .text()), Member("message", .text()),
    Member("until", .instant),
    Member("url", .optional(.text()), "Where they decide; null for whoever may not."),
  ])

  private static let step = Schema.object([
    Member("id", .text(), "Its path in names: `route/0/notify`."),
    Member("status", .choice(StepStatus.allCases.map(\.rawValue))), Member("started_at", .instant),
    Member("finished_at", .optional(.instant)), Member("output", .any),
    Member("error", .optional(.named("Failure"))), Member("attempts", .list(of: .named("Attempt"))),
  ])

  private static let attempt = Schema.object([
    Member("number", .integer()), Member("at", .instant), Member("duration_ms", .integer()),
    Member("request", .any, "Secrets are masked."), Member("response", .any),
    Member("status", .optional(.integer()), "The HTTP status."),
    Member("error", .optional(.named("Failure"))),
  ])

  private static let failure = Schema.object([
    Member("step", .text()), Member("code", .text(), "Stable, for machines."), Member("message", .text()),
    Member("status", .optional(.integer())), Member("attempts", .integer()),
  ])

  private static let rejectedMembers = [
    Member("id", .text()), Member("hook", .text()), Member("code", .text()), Member("detail", .text()),
    Member("received_at", .instant), Member("method", .text()), Member("target", .text()),
    Member("client", .text()), Member("size", .integer(), "The body's, in bytes."),
  ]

  private static let rejectedSummary = Schema.object(rejectedMembers)

  private static let rejected = Schema.object(
    rejectedMembers + [
      Member("headers", .list(of: .named("Header"))), Member("body", .any),
      Member("body_base64", .text(), required: false),
      Member("body_is_whole", .flag, "False where it was cut."),
      Member(
        "findings",
        .list(
          of: .object([
            Member("verdict", .choice(["passed", "failed", "skipped", "diagnosis"])),
            Member("check", .text()),
            Member("evidence", .text()),
          ])), "The checks in their order, then the likeliest cause."),
    ])

  private static let secret = Schema.object([Member("name", .text()), Member("updated_at", .instant)])

  private static let token = Schema.object([
    Member("id", .text()), Member("name", .text()), Member("role", .choice(Role.allCases.map(\.rawValue))),
    Member("created_at", .instant),
    Member("token", .text(), "The whole token: only in the answer that made it.", required: false),
  ])

  private static let audit = Schema.object([
    Member("at", .instant), Member("actor", .text()), Member("action", .text()), Member("subject", .text()),
    Member("detail", .text()),
  ])

  private static let status = Schema.object([
    Member("version", .text()), Member("started_at", .instant), Member("generation", .integer()),
    Member("fingerprint", .text()), Member("ready", .flag), Member("obstacle", .optional(.text())),
    Member("degraded", .optional(.text()), "What will get in the way if it goes on."),
    Member("draining", .flag), Member("listen", .text()), Member("admin_listen", .text()),
    Member("hooks", .list(of: .text())), Member("workflows", .list(of: .text())),
    Member("reload_errors", .list(of: .text())), Member("backlog", .integer()),
    Member("executions", .object([]), "Counts by status."), Member("dead_letters", .integer()),
    Member("store", .object([Member("used_bytes", .integer()), Member("limit_bytes", .integer())])),
    Member(
      "upstream",
      .optional(
        .object([
          Member("url", .text()), Member("edge", .text()), Member("pending", .integer()),
          Member("lag_ms", .integer()), Member("last_error", .optional(.text())),
          Member("rejected", .integer(), "Ends that central rejected for good, since the start."),
          Member("latest_rejected", .list(of: .object([Member("id", .text()), Member("reason", .text())]))),
        ]))),
  ])

  private static let stats = Schema.object([
    Member("events", .integer(), "Stored now."), Member("executions", .object([]), "Counts by status."),
    Member("backlog", .integer()), Member("dead_letters", .integer()), Member("rejected", .integer()),
    Member("damaged", .integer()), Member("hooks", .list(of: .named("Hook"))),
    Member("workflows", .list(of: .named("Workflow"))),
  ])

  private static let hook = Schema.object([
    Member("name", .text()), Member("accepted", .integer()), Member("duplicates", .integer()),
    Member("rejected", .integer()),
  ])

  private static let workflow = Schema.object([
    Member("name", .text()), Member("succeeded", .integer()), Member("failed", .integer()),
    Member("cancelled", .integer()), Member("loaded", .flag, "Whether new events start it."),
  ])

  private static let version = Schema.object([
    Member("workflow", .text()),
    Member("version", .text(), "SHA-256 of the workflow as written, in hexadecimal."),
    Member("current", .flag, "Whether new events start it."),
    Member("in_flight", .integer(), "Executions on it that have not ended."),
  ])

  private static let reload = Schema.object([
    Member("generation", .integer()), Member("fingerprint", .text()), Member("changed", .flag),
    Member("errors", .list(of: .text())), Member("warnings", .list(of: .text())),
  ])

  private static let backup = Schema.object([
    Member("folder", .text()), Member("bytes", .integer()), Member("events", .integer()),
    Member("executions", .integer()), Member("findings", .optional(.list(of: .text()))),
  ])

  private static let check = Schema.object([
    Member("sound", .flag), Member("records", .integer(), "How many were read."),
    Member(
      "findings",
      .list(
        of: .object([
          Member("database", .text()), Member("key", .text()), Member("what", .text()),
          Member("fix", .text()),
        ]))), Member("unlisted", .integer(), "Findings beyond those listed."),
  ])

  private static let bulkResult = Schema.object([
    Member("done", .list(of: .text()), "The ids that were dealt with."),
    Member(
      "failed",
      .list(of: .object([Member("id", .text()), Member("code", .text()), Member("detail", .text())]))),
    Member("next", .optional(.text()), "Send it as `cursor` to go on; null when all is done."),
  ])

  private static let accepted = Schema.object([
    Member("id", .text(), "The event's."), Member("executions", .list(of: .text())),
  ])

  /// Which of a list a bulk action means.
  static let filter = Schema.object([
    Member("ids", .list(of: .text()), "These, and no others.", required: false),
    Member("hook", .text(), required: false), Member("workflow", .text(), required: false),
    Member("since", .text(), "A span before now such as 2h, or an instant.", required: false),
    Member("limit", .integer(1...1000), "How many at once.", required: false),
    Member("cursor", .text(), "What the answer before gave as `next`.", required: false),
  ])
}
