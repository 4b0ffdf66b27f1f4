import RelayDocuments
import RelayExpressions
import Testing

/// The documentation says what the table says, and every example in it is run.
@Suite struct TransformDocumentTests {
  static let document = TransformDocument()

  @Test func `the document names exactly the transforms of the table`() {
    var expected: [String] = []
    for row in 1...42 {
      let signatures = Transforms.all.filter { $0.row == row }.map(\.signature)
      if !signatures.isEmpty { expected.append("\(row). \(signatures.joined(separator: ", "))") }
    }
    #expect(Self.document.headings == expected)
  }

  @Test(arguments: document.examples)
  func `an example gives what the document says`(example: TransformDocument.Example) throws {
    var value = example.value == "missing" ? nil : try JSON.parse(text: example.value)
    let written = try JSON.parse(text: example.transform)
    do {
      for transform in written.array ?? [written] {
        let call = try TransformCall(json: transform)
        #expect(call.transform.row == example.row || written.array != nil)
        value = try call.apply(to: value)
      }
      let expected = try JSON.parse(text: example.result == "missing" ? "\"missing\"" : example.result)
      #expect(value?.text ?? "\"missing\"" == expected.text)
    } catch let error as TransformError {
      let message = example.result.hasPrefix("error: ") ? example.result.dropFirst(7) : "no error"
      #expect(error.message.contains(message), "\(error.message)")
    }
  }

  @Test func `the table has all 42 rows`() {
    #expect(Set(Transforms.all.map(\.row)) == Set(1...42))
  }

  @Test(arguments: Transforms.all.map(\.name))
  func `every transform has an example`(name: String) {
    #expect(Self.document.examples.contains { $0.transform.contains("\"\(name)\"") })
  }
}
