import RelayDocuments
import RelayExpressions
import RelayModel
import RelayWorkflow
import Testing

@Suite struct MapStepTests {
  /// The object that a mapping builds of the sample event.
  private static func mapped(_ entries: String) throws -> JSON {
    let read = try workflow(#"{"id":"fields","map":\#(entries)}"#)
    guard case .map(let step) = read.steps[1].verb else { throw StepError(.badValue, "no map step") }
    return try step.value(in: sampleScope(), step: "fields")
  }

  @Test(arguments: [
    (
      #"[{"to":"fields.Email","from":"event.body.action","transforms":["trim","upper"],"default":null,"required":true}]"#,
      #"{"fields":{"Email":"OPENED"}}"#
    ),
    (#"[{"to":"n","from":"event.body.n"}]"#, #"{"n":1.10}"#),
    (
      #"[{"to":"a.b","value":"{{ vars.host }}-1"},{"to":"a.c","value":{"x":"{{ event.body.n }}"}}]"#,
      #"{"a":{"b":"internal-1","c":{"x":1.10}}}"#
    ),
    (
      #"[{"to":"items[0].name","value":"x"},{"to":"items[1].name","value":"y"}]"#,
      #"{"items":[{"name":"x"},{"name":"y"}]}"#
    ),
    (#"[{"to":"items[0]","from":"event.body.none"},{"to":"items[1]","value":1}]"#, #"{"items":[null,1]}"#),
    (#"[{"to":"fields[\"Phone number\"].x","value":1}]"#, #"{"fields":{"Phone number":{"x":1}}}"#),
    (#"[{"to":"a","from":"event.body.none"},{"to":"b","from":"event.body.none.deep"}]"#, "{}"),
    (#"[{"to":"a","from":"event.body.none","default":"x"}]"#, #"{"a":"x"}"#),
    (#"[{"to":"a","from":"event.body.none","default":"{{ vars.host }}"}]"#, #"{"a":"internal"}"#),
    (#"[{"to":"a","from":"event.body.none","default":null}]"#, #"{"a":null}"#),
    (#"[{"to":"a","from":"event.body.none","transforms":[{"default":7}]}]"#, #"{"a":7}"#),
    (#"[{"to":"a","from":"steps.first.none"}]"#, #"{"a":null}"#),
    (#"[{"to":"a","value":null}]"#, #"{"a":null}"#),
    (
      #"[{"to":"a","from":"steps.first.tags","transforms":[{"map":["upper"]},{"join":"+"}]}]"#,
      #"{"a":"A+B"}"#
    ),
    (#"[{"to":"a","value":"x","transforms":[{"concat":["-","{{ vars.host }}"]}]}]"#, #"{"a":"x-internal"}"#),
    (#"[{"to":"a","value":"x","transforms":["number"],"onError":"null"}]"#, #"{"a":null}"#),
    (#"[{"to":"a","value":"x","transforms":["number"],"onError":"skip"}]"#, "{}"),
    (#"[{"to":"a","value":"x","transforms":["number"],"onError":"default","default":0}]"#, #"{"a":0}"#),
    (#"[{"to":"a","value":0,"transforms":["now"]}]"#, #"{"a":"1970-01-01T00:00:01.000Z"}"#),
  ])
  func `a mapping builds an object`(entries: String, expected: String) throws {
    #expect(try Self.mapped(entries).text == expected)
  }

  @Test(arguments: [
    (
      #"[{"to":"a.b","from":"event.body.none","required":true}]"#,
      "map: a.b: required, and there is no value at event.body.none"
    ),
    (#"[{"to":"a","value":null,"default":null,"required":true}]"#, "map: a: required, and there is no value"),
    (#"[{"to":"a","value":5,"transforms":["trim"]}]"#, "map: a: trim: wants a string, not a number"),
    (
      #"[{"to":"a","value":"x","transforms":[{"truncate":"{{ vars.host }}"}]}]"#,
      "map: a: truncate: n must be a whole number from 0 to 1000000, not a string"
    ),
    (
      #"[{"to":"a","value":"x","transforms":[{"lookup":{"table":{}}}]}]"#,
      "map: a: lookup: the table has nothing under the value, and there is no default"
    ),
  ])
  func `a value that cannot be had fails the step and says which`(entries: String, message: String) throws {
    do {
      _ = try Self.mapped(entries)
      Issue.record("it was built")
    } catch let error as StepError {
      #expect(error.message == message)
      #expect(error.code == .badValue)
    }
  }

  @Test func `an error of an expression that is no missing member fails the step`() throws {
    do {
      _ = try Self.mapped(#"[{"to":"a","from":"event.body.n + 'x'"}]"#)
      Issue.record("it was built")
    } catch let error as StepError {
      #expect(error.code == .expression)
      #expect(error.message.hasPrefix("map: a: "))
    }
  }

  @Test func `a uuid is the same again for its place, and another for another place`() throws {
    let entries = #"[{"to":"a","value":0,"transforms":["uuid"]},{"to":"b","value":0,"transforms":["uuid"]}]"#
    let first = try Self.mapped(entries)
    #expect(try Self.mapped(entries) == first)
    #expect(first["a"] != first["b"])
  }
}

@Suite struct MapRefusalTests {
  /// The complaint about the entries of a mapping that begins in column 1 of line 2.
  private static func complaintsAbout(_ entries: String) -> [String] {
    complaints("{\"name\":\"w\",\"steps\":[{\"id\":\"a\",\"map\":\n\(entries)}]}")
  }

  @Test(arguments: [
    ("[]", #"w.json:2:1: step a.map must be a list of 1 to 1000 entries, such as {"to": …, "from": …}"#),
    ("{}", #"w.json:2:1: step a.map must be a list of 1 to 1000 entries, such as {"to": …, "from": …}"#),
    (#"[5]"#, "w.json:2:2: step a.map[0] must be a mapping, not a number"),
    (#"[{"to":"x"}]"#, "w.json:2:2: step a.map[0] needs from, or value"),
    (#"[{"from":"vars.x"}]"#, "w.json:2:2: step a.map[0].to is missing"),
    (
      #"[{"to":"x","from":"vars.x","value":1}]"#,
      "w.json:2:36: step a.map[0].value cannot stand beside from; write one of them"
    ),
    (
      #"[{"to":"[0]","value":1}]"#,
      #"w.json:2:8: step a.map[0].to must be a path such as fields.Email, items[0].name or fields["Phone number"]"#
    ),
    (
      #"[{"to":"a[1000]","value":1}]"#,
      #"w.json:2:8: step a.map[0].to must be a path such as fields.Email, items[0].name or fields["Phone number"]"#
    ),
    (
      #"[{"to":"x","value":1},{"to":"x","value":2}]"#,
      #"w.json:2:29: step a.map[1].to "x" is set by step a.map[0] already"#
    ),
    (
      #"[{"to":"x.y","value":1},{"to":"x","value":2}]"#,
      #"w.json:2:31: step a.map[1].to "x" cannot be set together with "x.y" of step a.map[0]"#
    ),
    (
      #"[{"to":"x","value":1},{"to":"x.y","value":2}]"#,
      #"w.json:2:29: step a.map[1].to "x.y" cannot be set together with "x" of step a.map[0]"#
    ),
    (
      #"[{"to":"x.y","value":1},{"to":"x[0]","value":2}]"#,
      #"w.json:2:31: step a.map[1].to "x[0]" cannot be set together with "x.y" of step a.map[0]"#
    ),
    (
      #"[{"to":"x[0]","value":1},{"to":"x[2]","value":2}]"#,
      #"w.json:2:32: step a.map[1].to "x[2]" leaves element 1 of its list without a value"#
    ),
    (
      #"[{"to":"x","value":1,"transforms":["trimm"]}]"#,
      #"w.json:2:36: step a.map[0].transforms[0] no transform "trimm"; did you mean "trim"?"#
    ),
    (
      #"[{"to":"x","value":1,"transforms":["lower",{"split":""}]}]"#,
      "w.json:2:44: step a.map[0].transforms[1]: split sep must be a string that is not empty, not an empty string"
    ),
    (
      #"[{"to":"x","value":1,"transforms":[{"truncate":{"n":"{{ vars.n }}","unit":"utf61"}}]}]"#,
      "w.json:2:36: step a.map[0].transforms[0]: truncate unit must be one of grapheme, utf16, byte; did you mean \"utf16\"?"
    ),
    (
      #"[{"to":"x","value":1,"transforms":[{"replace":["{{ vars.n }}"]}]}]"#,
      "w.json:2:36: step a.map[0].transforms[0]: replace takes 2 arguments, not 1"
    ),
    (
      #"[{"to":"x","value":1,"transforms":[{"concat":"{{ stepz.a }}"}]}]"#,
      #"w.json:2:46: no such name "stepz"; did you mean "steps"? (column 4 of the expression)"#
    ),
    (#"[{"to":"x","value":1,"onError":"default"}]"#, "w.json:2:32: step a.map[0].onError needs a default"),
    (
      #"[{"to":"x","value":1,"transform":["trim"]}]"#,
      #"w.json:2:22: unknown key "transform" in step a.map[0]; did you mean "transforms"?"#
    ),
  ])
  func `a mistake is told at its place`(entries: String, complaint: String) {
    #expect(Self.complaintsAbout(entries) == [complaint])
  }
}
