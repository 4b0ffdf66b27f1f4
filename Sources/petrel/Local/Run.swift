internal import ArgumentParser
internal import RelayDocuments
internal import RelayHTTP
internal import RelayModel
internal import RelayService
internal import RelayWorkflow

struct Run: PetrelCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run a workflow in the foreground, and print its steps.",
    discussion: """
      The workflow is a name from the configuration's folder, or a file. The event's file is the body of a request, or \
      what `petrel events show --json` printed. A dry run sends nothing, waits for nothing, and shows each request \
      that it would send. Exit status 0 succeeded, 1 not.

      EXAMPLES
        petrel run issue-alert --event push.json --dry-run
        petrel run workflows/issue-alert.json --event push.json
      """)

  @Argument(help: "The workflow's name, or its file.")
  var workflow: String
  @Option(name: .long, help: "The event's file; - is stdin.", completion: .file())
  var event: String
  @Flag(name: .long, help: "Send nothing.")
  var dryRun = false
  @OptionGroup var configuration: ConfigurationOptions
  @OptionGroup var output: OutputOptions

  func perform(_ console: Console) throws(CommandFailure) {
    let loaded = try configuration.load().configuration
    let file = try workflow(loaded)
    let event = TrialEvent(try InputFile.read(event))
    let trial = TrialRun(loaded, environment: Environment.variables, dry: dryRun)
    if !trial.wouldStart(file, event) {
      console.message("note: the relay would not start it for this event (`on`)")
    }
    let execution: JSON
    do throws(TrialRun.Failure) {
      execution = try trial.run(file, event) { step in
        if !console.json { console.stream(StepText.text(step, console.style, dry: dryRun)) }
      }
    } catch {
      throw CommandFailure(trial: error)
    }
    report(execution, console)
    if execution["status"]?.string != "succeeded" { throw .silent(.failed) }
  }

  private func workflow(_ configuration: Configuration) throws(CommandFailure) -> WorkflowFile {
    if workflow.hasSuffix(".json") {
      let folder = WorkflowFolder.load(files: [workflow], hooks: nil)
      guard let file = folder.files.first else {
        throw CommandFailure(.badInput, folder.diagnostics.map(\.description).joined(separator: "\n"))
      }
      return file
    }
    let folder = WorkflowFolder.load(configuration.workflows, hooks: configuration.knownHooks)
    if let file = folder.files.first(where: { $0.workflow.name == workflow }) { return file }
    let hint = nearest(to: workflow, among: folder.files.map(\.workflow.name)).map { "Did you mean \($0)?" }
    throw CommandFailure(
      .notFound, "there is no workflow \(workflow) in \(configuration.workflows)",
      hints: [hint, folder.diagnostics.isEmpty ? nil : "petrel check tells what is wrong in it."].compactMap {
        $0
      })
  }

  private func report(_ execution: JSON, _ console: Console) {
    guard !console.json else { return console.result(execution) }
    let failure = execution["failure"]?["message"]?.string.map { ": \($0)" } ?? ""
    console.result("\(console.style.status(execution["status"]?.string ?? ""))\(failure)")
  }
}

/// One ended step as people read it.
enum StepText {
  static func text(_ step: JSON, _ style: Style, dry: Bool) -> String {
    var lines = ["\(step["id"]?.string ?? "")  \(style.status(step["status"]?.string ?? ""))"]
    for attempt in step["attempts"]?.array ?? [] {
      if let awaited = attempt["request"]?["wait"]?.string {
        lines.append("  would wait for an \(awaited), until \(attempt["request"]?["until"]?.string ?? "")")
      } else if let workflow = attempt["request"]?["run"]?.string {
        lines.append("  would run \(workflow) with \(attempt["request"]?["with"]?.string ?? "")")
      } else if let request = attempt["request"], request != .null {
        lines.append("  \(dry ? "would send" : "sent") \(request.text)")
      }
      if !dry, let response = attempt["response"], response != .null {
        lines.append("  got \(response.text.cut(to: 400))")
      }
    }
    if let error = step["error"]?["message"]?.string {
      lines.append("  \(error)")
    } else if let output = step["output"], output != .null, !dry || step["attempts"]?.array?.isEmpty != false
    {
      lines.append("  \(output.text.cut(to: 400))")
    }
    return lines.joined(separator: "\n")
  }
}

extension CommandFailure {
  init(trial error: TrialRun.Failure) {
    switch error {
    case .workflow(let diagnostics):
      self.init(.badInput, diagnostics.map(\.description).joined(separator: "\n"))
    case .store(let error): self.init(store: error)
    case .client(let error): self.init(.badConfiguration, error.message)
    case .folder(let failure): self.init(.io, "\(failure)")
    }
  }
}
