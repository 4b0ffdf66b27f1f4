internal import RelayDocuments
internal import RelayModel
internal import RelayStore

extension Routes {
  static let relay: [Route] = [
    Route(
      .get, "/api/status", role: .viewer, "relay", "readStatus", "What runs",
      answer: .json(200, .named("Status")), action: readStatus),
    Route(
      .get, "/api/stats", role: .viewer, "relay", "readStats", "What it has done",
      answer: .json(200, .named("Stats")), action: readStats),
    Route(
      .post, "/api/reload", role: .admin, "relay", "reload",
      "Read configuration and workflows again; a broken change is refused with its errors",
      isLong: true, answer: .json(200, .named("Reload")), action: reload),
    Route(
      .post, "/api/backup", role: .admin, "relay", "backUp",
      "Copy the store into a new folder on the relay's machine",
      body: .object([.init("folder", .text(), "Absolute."), .init("verify", .flag, required: false)]),
      isLong: true, answer: .json(200, .named("Backup")), action: backUp),
    Route(
      .post, "/api/compact", role: .admin, "relay", "compact",
      "Write the data file anew without its free pages",
      isLong: true,
      answer: .json(
        200, .object([.init("before_bytes", .integer()), .init("after_bytes", .integer())])), action: compact),
    Route(
      .post, "/api/check", role: .admin, "relay", "checkStore",
      "Read every record and hold it against the others", isLong: true,
      answer: .json(200, .named("Check")), action: checkStore),
    Route(
      .get, "/api/audit", role: .admin, "relay", "listAudit", "Who did what, the newest first",
      parameters: listParameters, answer: .json(200, .page("AuditEntry")), action: listAudit),
    Route(
      .get, "/metrics", role: .viewer, "relay", "readMetrics", "Prometheus metrics",
      answer: .text("text/plain"), action: readMetrics),
    Route(
      .get, "/api/openapi.json", role: nil, "relay", "readDescription", "This description",
      answer: .json(200, .any), action: readDescription),
  ]

  private static func readStatus(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let counters = try call.read { (snapshot) throws(StoreError) in try snapshot.counters() }
    return .json(RelayView.status(call.control.status(), counters, call.store.health))
  }

  private static func readStats(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let counters = try call.read { (snapshot) throws(StoreError) in try snapshot.counters() }
    return .json(RelayView.stats(counters, loaded: call.control.status().workflows))
  }

  private static func reload(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let report = call.control.reload()
    call.audit(
      "relay.reload", "generation \(report.generation)", report.errors.isEmpty ? "" : "refused")
    return .json(RelayView.reload(report), status: report.errors.isEmpty ? 200 : 422)
  }

  private static func backUp(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let object = try call.object("folder", "verify")
    guard let folder = object["folder"]?.string, folder.hasPrefix("/") else {
      throw .invalid("folder must be an absolute path on the relay's machine.")
    }
    let report = try call.work { (store) throws(StoreError) in
      let made = try Backup.copy(store, to: folder, now: call.now)
      var report = BackupReport(
        folder: folder, bytes: made.bytes, events: made.events, executions: made.executions)
      if object["verify"]?.bool == true {
        report.findings = try Backup.verify(folder).findings.map(\.sentence)
      }
      return report
    }
    try call.perform(NoteBackup(at: call.now))
    call.audit("relay.backup", folder)
    return .json(RelayView.backup(report))
  }

  private static func compact(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let sizes = try call.work { (store) throws(StoreError) in try store.compact() }
    call.audit("relay.compact", "\(sizes.before.text) to \(sizes.after.text)")
    return .json(["before_bytes": JSON(sizes.before.bytes), "after_bytes": JSON(sizes.after.bytes)])
  }

  private static func checkStore(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let report = try call.read { (snapshot) throws(StoreError) in try Checker.check(snapshot) }
    return .json(RelayView.check(report))
  }

  private static func listAudit(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let limit = try call.limit()
    var before: UInt64?
    if let text = call.query["cursor"] {
      guard let number = UInt64(text) else { throw .invalid("cursor must be what a page's `next` gave.") }
      before = number
    }
    let page = try call.read { (snapshot) throws(StoreError) in
      try snapshot.audit(before: before, limit: limit)
    }
    return .page(page.items.map(auditView), next: page.next.map { "\($0)" })
  }

  private static func auditView(_ record: AuditRecord) -> JSON {
    [
      "at": JSON(record.at), "actor": .string(record.actor), "action": .string(record.action),
      "subject": .string(record.subject), "detail": .string(record.detail),
    ]
  }

  private static func readMetrics(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let use = try call.work { (store) throws(StoreError) in try store.measure() }
    let own = try call.read { (snapshot) throws(StoreError) in
      StoreMetrics(
        counters: try snapshot.counters(), use: use, status: call.control.status(),
        nextDue: try snapshot.nextDue(), lastBackup: try snapshot.lastBackup(), now: call.now)
    }
    return .text(
      (own.families + call.control.metrics()).prometheusText, contentType: "text/plain; version=0.0.4")
  }

  private static func readDescription(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    .json(OpenAPIDocument(routes: all, version: call.control.status().version).json)
  }
}
