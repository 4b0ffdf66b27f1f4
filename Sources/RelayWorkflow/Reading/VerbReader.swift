internal import RelayDocuments
internal import RelayExpressions
internal import RelayModel

/// Reads the one verb of a step.
struct VerbReader {
  private let step: MappingReader
  private let known: KnownNames
  /// What the step's own steps inherit.
  private let retry: RetryPolicy

  /// Verbs of the document that this version does not run.
  static let laterVerbs = ["use", "ai"]
  /// Members that stand beside a later verb.
  static let laterMembers = ["connection", "with"]

  init(_ step: MappingReader, _ known: KnownNames, retry: RetryPolicy) {
    self.step = step
    self.known = known
    self.retry = retry
  }

  func read() -> Verb? {
    let verbs = StepKeys.verbs.names
    let found = step.names.filter { verbs.contains($0) || Self.laterVerbs.contains($0) }
    step.refuse(Self.laterVerbs)
    if found.contains("use") { step.passOver(Self.laterMembers) }
    guard found.count == 1 else {
      let shown = found.isEmpty ? "none" : found.joined(separator: " and ")
      step.diagnostics.error(
        "\(step.path) needs exactly one of \(verbs.joined(separator: ", ")); found \(shown)",
        at: step.position)
      return nil
    }
    return verb(found[0])
  }

  private func verb(_ name: String) -> Verb? {
    switch name {
    case StepKeys.set.name: step.read(StepKeys.set).map { .set(step.value($0, known)) }
    case StepKeys.map.name: MapStepReader(step, known).read().map(Verb.map)
    case StepKeys.http.name:
      step.read(StepKeys.http).flatMap { HTTPStepReader($0, known).read() }.map(Verb.http)
    case StepKeys.forward.name: step.read(StepKeys.forward).flatMap(forward).map(Verb.forward)
    case StepKeys.wait.name: WaitReader(step, known).read().map(Verb.wait)
    case StepKeys.branches.name: BlockReader(step, known, retry).readSwitch()
    case StepKeys.loop.name: BlockReader(step, known, retry).readForEach()
    case StepKeys.parallel.name: BlockReader(step, known, retry).readParallel()
    case StepKeys.run.name: step.read(StepKeys.run).flatMap(run)
    case StepKeys.code.name: CodeReader(step, known).read().map(Verb.code)
    case StepKeys.respond.name:
      step.read(StepKeys.respond).map { .respond(RespondReader($0, known).read()) }
    case StepKeys.stop.name: .stop(message: message(StepKeys.stop))
    case StepKeys.fail.name: .fail(message: message(StepKeys.fail))
    default: nil
    }
  }

  private func run(_ reader: MappingReader) -> Verb? {
    let name = reader.read(RunKeys.workflow)
    let body = reader.readOrNull(RunKeys.body).map { reader.value($0, known) }
    reader.finish()
    return name.map { .run(RunStep(workflow: $0, body: body)) }
  }

  /// The message of `stop` and `fail`: a string, or a mapping with one.
  private func message(_ verb: Key<EitherForm<TemplateForm, Shape>>) -> Template? {
    switch step.read(verb) {
    case nil: return nil
    case .short(let text): return step.template(text, known)
    case .long(let reader):
      let message = reader.template(EndingKeys.message, known)
      reader.finish()
      return message
    }
  }

  private func forward(_ reader: MappingReader) -> ForwardStep? {
    let url = reader.url(ForwardKeys.url, known)
    let headers = reader.headers(ForwardKeys.headers, known)
    let sign = reader.read(ForwardKeys.sign).map(signing)
    reader.finish()
    guard let url else { return nil }
    if let sign { return sign.map { ForwardStep(url: url, headers: headers, sign: $0) } }
    return ForwardStep(url: url, headers: headers, sign: nil)
  }

  /// The members beside `provider` and `secret` are those of a signature scheme; who signs knows them.
  private func signing(_ reader: MappingReader) -> Signing? {
    let provider = reader.read(SignKeys.provider)
    let secret = reader.read(SignKeys.secret)
    _ = reader.read(SignKeys.type)
    if reader.found(SignKeys.schemes).isEmpty {
      step.diagnostics.error("\(reader.path) needs a provider, or a type", at: reader.position)
    }
    let scheme = reader.members.filter { $0.name != SignKeys.secret.name }
    reader.finish()
    guard let secret else { return nil }
    return Signing(
      provider: provider, secret: secret, scheme: DocumentNode(.mapping(scheme), at: reader.position))
  }
}
