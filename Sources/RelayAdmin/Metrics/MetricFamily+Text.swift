extension [MetricFamily] {
  /// The Prometheus text format, version 0.0.4.
  package var prometheusText: String {
    var text = ""
    for family in self where !family.samples.isEmpty {
      text += "# HELP \(family.name) \(family.help.escaped(quotes: false))\n"
      text += "# TYPE \(family.name) \(family.kind.rawValue)\n"
      for sample in family.samples { text += sample.lines(of: family.name) }
    }
    return text
  }
}

extension MetricFamily.Sample {
  fileprivate func lines(of name: String) -> String {
    switch value {
    case .number(let number): return "\(name)\(labels.text) \(number.metricText)\n"
    case .histogram(let bounds, let counts, let sum):
      var text = ""
      var total: UInt64 = 0
      for (index, count) in counts.enumerated() {
        total += count
        let bound = index < bounds.count ? bounds[index].metricText : "+Inf"
        text += "\(name)_bucket\((labels + [MetricFamily.Label("le", bound)]).text) \(total)\n"
      }
      return text + "\(name)_sum\(labels.text) \(sum.metricText)\n\(name)_count\(labels.text) \(total)\n"
    }
  }
}

extension [MetricFamily.Label] {
  fileprivate var text: String {
    isEmpty
      ? "" : "{" + map { "\($0.name)=\"\($0.value.escaped(quotes: true))\"" }.joined(separator: ",") + "}"
  }
}

extension String {
  /// Backslash and line break, and in a label's value the quote too.
  fileprivate func escaped(quotes: Bool) -> String {
    var text = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\"" where quotes: text += "\\\""
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}

extension Double {
  /// Whole numbers without a fraction, as people expect of counts.
  fileprivate var metricText: String {
    if self == rounded(), magnitude < 1e15 { return String(Int64(self)) }
    if isInfinite { return self > 0 ? "+Inf" : "-Inf" }
    return isNaN ? "NaN" : "\(self)"
  }
}
