internal import RelayDocuments

extension Transforms {
  /// Rows 17 to 19: text with marks.
  static let markup: [Transform] = [
    Transform(17, "stripHtml", "The text of HTML.", stripHTML),
    Transform(
      18, "escape", "Made safe to stand in another language.",
      [.required("kind", .choice(Escaping.allCases.map(\.rawValue)))], escape),
    Transform(
      19, "markdown", "Markdown as HTML, or as the marks of Slack or Telegram.",
      [.required("to", .choice(["html", "slack", "telegram"]))], markdown),
  ]

  @Sendable private static func stripHTML(_ input: TransformInput) throws(TransformError) -> JSON? {
    .string(HTMLText.of(try input.text()))
  }

  @Sendable private static func escape(_ input: TransformInput) throws(TransformError) -> JSON? {
    .string((Escaping(rawValue: input.text(0)) ?? .html).escaped(try input.text()))
  }

  @Sendable private static func markdown(_ input: TransformInput) throws(TransformError) -> JSON? {
    let blocks = MarkdownBlocks.of(try input.text())
    switch input.text(0) {
    case "html": return .string(HTMLWriter.write(blocks))
    case "slack": return .string(ChatWriter(dialect: .slack).write(blocks))
    default: return .string(ChatWriter(dialect: .telegram).write(blocks))
    }
  }
}
