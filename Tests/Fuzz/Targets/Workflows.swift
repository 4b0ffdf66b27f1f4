internal import RelayDocuments
internal import RelayExpressions
internal import RelayModel
internal import RelaySandbox
internal import RelayWorkflow

extension FuzzTarget {
  private static func document(_ steps: String) -> String {
    #"{"name":"w","on":{"hook":"x","if":"event.type == 'issues'"},"steps":[\#(steps)]}"#
  }

  /// A document is sound or has errors, never both or neither; a sound one is sound again when it is written
  /// anew, and every step of it can be asked what it would do.
  static let workflow = FuzzTarget(
    name: "workflow",
    seeds: [
      document(#"{"id":"a","set":{"t":"{{ event.body.name.trim() }}"}}"#),
      document(
        #"{"id":"a","if":"event.id != ''","retry":{"attempts":3},"timeout":"5s","continueOnError":true,"http":{"method":"POST","url":"https://x.example/{{ event.id }}","headers":{"X-A":"b"},"query":{"q":[1,2]},"json":{"a":"{{ event.body }}"},"auth":{"bearer":"env:T"},"expect":"response.status == 200"}}"#
      ),
      document(
        #"{"id":"f","forward":{"url":"https://x.example/","sign":{"provider":"standard-webhooks","secret":"vault:x"}}}"#
      ),
      document(
        #"{"id":"s","switch":[{"if":"true","steps":[{"id":"a","wait":"1h"}]},{"steps":[{"id":"b","stop":"x"}]}]},{"id":"l","forEach":{"in":"event.body.list","as":"i","concurrency":2,"steps":[{"id":"c","fail":"{{ i }}"}]}}"#
      ),
      document(
        #"{"id":"p","parallel":{"a":[{"id":"x","set":{}}],"b":[{"id":"y","wait":{"until":"{{ event.received_at }}"}}]}}"#
      ),
      document(
        #"{"id":"m","map":[{"to":"a.b[0]","from":"event.body.name","transforms":["trim",{"truncate":3}],"default":null}]}"#
      ),
      document(
        #"{"id":"c","code":{"lua":"return with.a","with":{"a":"{{ event.body.n }}"},"memory":"8MiB"}}"#),
    ]
  ) { bytes in
    let diagnostics = Diagnostics(file: "w.json")
    let workflow = Workflow(document: bytes, diagnostics)
    precondition((workflow == nil) == diagnostics.hasErrors, "a document is neither sound nor not")
    guard let workflow, let json = try? JSON.parse(bytes) else { return }
    let again = Diagnostics(file: "w.json")
    precondition(
      Workflow(document: json.serialized(), again) != nil, "a sound document is not when it is written anew")
    _ = workflow.secrets.count
    for step in workflow.allSteps { consider(step) }
  }

  private static func consider(_ step: Step) {
    _ = try? step.condition?.isTrue(in: scope)
    switch step.verb {
    case .set(let template): _ = try? template.value(in: scope)
    case .map(let map): _ = try? map.value(in: scope, step: step.id)
    case .http(let call): _ = try? call.render(in: scope)
    case .code(let code): _ = try? code.script(in: scope, timeout: step.timeout, seed: step.id)
    default: break
    }
  }
}
