internal import RelayDocuments
internal import RelayExpressions
internal import RelayModel

/// Reads the one verb of a step.
struct VerbReader {
  private let step: MappingReader
  private let known: KnownNames
  /// What the step's own steps inherit.
  private let retry: RetryPolicy

  static let verbs = [
    "set", "map", "http", "forward", "wait", "switch", "forEach", "parallel", "run", "code", "respond",
    "stop", "fail",
  ]
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
    let found = step.names.filter { Self.verbs.contains($0) || Self.laterVerbs.contains($0) }
    step.refuseUnsupported(Self.laterVerbs)
    for name in Self.verbs + (found.contains("use") ? Self.laterMembers : []) {
      _ = step.nodeOrNull(name)
    }
    guard found.count == 1 else {
      let shown = found.isEmpty ? "none" : found.joined(separator: " and ")
      step.diagnostics.error(
        "\(step.path) needs exactly one of \(Self.verbs.joined(separator: ", ")); found \(shown)",
        at: step.position)
      return nil
    }
    return verb(found[0])
  }

  private func verb(_ name: String) -> Verb? {
    switch name {
    case "set": set()
    case "map": MapStepReader(step, known).read().map(Verb.map)
    case "http": step.mapping("http").flatMap { HTTPStepReader($0, known).read() }.map(Verb.http)
    case "forward": step.mapping("forward").flatMap(forward).map(Verb.forward)
    case "wait": WaitReader(step, known).read().map(Verb.wait)
    case "switch": BlockReader(step, known, retry).readSwitch()
    case "forEach": BlockReader(step, known, retry).readForEach()
    case "parallel": BlockReader(step, known, retry).readParallel()
    case "run": step.mapping("run").flatMap(run)
    case "respond": step.mapping("respond").map { .respond(RespondReader($0, known).read()) }
    case "code": CodeReader(step, known).read().map(Verb.code)
    case "stop": .stop(message: message("stop"))
    case "fail": .fail(message: message("fail"))
    default: nil
    }
  }

  private func run(_ reader: MappingReader) -> Verb? {
    let name = reader.string("workflow", required: true)
    if let name, !ResourceName.isValid(name) {
      reader.reject("workflow", "must be a workflow's name, written out")
    }
    let body = reader.nodeOrNull("with").map { reader.value($0, known) }
    reader.finish()
    return name.map { .run(RunStep(workflow: $0, body: body)) }
  }

  private func set() -> Verb? {
    guard let node = step.node("set", required: true) else { return nil }
    guard node.members != nil else {
      step.reject("set", "must be a mapping, not \(node.kindName)")
      return nil
    }
    return .set(step.value(node, known))
  }

  /// The message of `stop` and `fail`: a string, or a mapping with one.
  private func message(_ verb: String) -> Template? {
    guard let node = step.node(verb) else { return nil }
    guard node.members != nil, let reader = step.mapping(verb) else { return step.template(verb, known) }
    let message = reader.template("message", known)
    reader.finish()
    return message
  }

  private func forward(_ reader: MappingReader) -> ForwardStep? {
    let url = reader.url(known)
    let headers = reader.headers(known)
    let sign = reader.mapping("sign").map(signing)
    reader.finish()
    guard let url else { return nil }
    if let sign { return sign.map { ForwardStep(url: url, headers: headers, sign: $0) } }
    return ForwardStep(url: url, headers: headers, sign: nil)
  }

  /// The members beside `provider` and `secret` are those of a signature scheme; who signs knows them.
  private func signing(_ reader: MappingReader) -> Signing? {
    let provider = reader.string("provider")
    let secret = reader.secret("secret")
    if provider == nil, !reader.has("provider"), !reader.has("type") {
      step.diagnostics.error("\(reader.path) needs a provider, or a type", at: reader.position)
    }
    var scheme: [DocumentMember] = []
    reader.each { member, _ in if member.name != "secret" { scheme.append(member) } }
    guard let secret else { return nil }
    return Signing(
      provider: provider, secret: secret, scheme: DocumentNode(.mapping(scheme), at: reader.position))
  }
}
