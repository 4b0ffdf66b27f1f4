/// One metric with all its label sets, in the terms of Prometheus. No ids, URLs or event types as labels.
package struct MetricFamily: Sendable, Equatable {
  package enum Kind: String, Sendable {
    case counter, gauge, histogram
  }

  package struct Sample: Sendable, Equatable {
    package var labels: [Label]
    package var value: Value

    package init(_ labels: [Label] = [], _ value: Value) {
      self.labels = labels
      self.value = value
    }
  }

  package struct Label: Sendable, Hashable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  package enum Value: Sendable, Equatable {
    case number(Double)
    /// `counts` has one more than `bounds`: what lay beyond the last. Not cumulative.
    case histogram(bounds: [Double], counts: [UInt64], sum: Double)
  }

  /// With prefix and unit: `petrel_queue_depth`, `petrel_executions_total`.
  package var name: String
  package var kind: Kind
  package var help: String
  package var samples: [Sample]

  package init(_ name: String, _ kind: Kind, _ help: String, _ samples: [Sample]) {
    self.name = name
    self.kind = kind
    self.help = help
    self.samples = samples
  }

  /// A family of one sample without labels.
  package init(_ name: String, _ kind: Kind, _ help: String, _ value: Double) {
    self.init(name, kind, help, [Sample([], .number(value))])
  }
}
