internal import RelayDocuments
internal import RelayService

/// What `petrel doctor` found, in the order in which it looked.
struct Examination {
  struct Entry {
    let mark: Style.Mark
    let subject: String
    let finding: String
    let fix: String?

    init(_ mark: Style.Mark, _ subject: String, _ finding: String, fix: String? = nil) {
      self.mark = mark
      self.subject = subject
      self.finding = finding
      self.fix = fix
    }

    var json: JSON {
      [
        "verdict": .string(mark == .good ? "good" : mark == .warning ? "warning" : "bad"),
        "check": .string(subject), "finding": .string(finding), "fix": JSON(fix),
      ]
    }
  }

  private(set) var entries: [Entry] = []

  mutating func add(_ more: [Entry]) { entries += more }

  /// A warning is nothing that has to be mended.
  var isSound: Bool { !entries.contains { $0.mark == .bad } }
}

/// What is wrong in the files.
enum ConfigurationExamination {
  static func findings(_ check: ConfigurationCheck) -> [Examination.Entry] {
    guard !check.diagnostics.isEmpty else {
      return [Examination.Entry(.good, "configuration", check.summary)]
    }
    return check.diagnostics.map { diagnostic in
      Examination.Entry(
        diagnostic.severity == .error ? .bad : .warning, "configuration", diagnostic.description)
    }
  }
}
