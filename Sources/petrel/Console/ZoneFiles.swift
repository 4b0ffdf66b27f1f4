/// The system's time zones (Debian's tzdata): expressions show timestamps in them, and read no files.
enum ZoneFiles {
  static let folder = "/usr/share/zoneinfo/"

  /// The data of a zone; nil where the system has none of that name, or no zones at all.
  ///
  /// - Parameter name: checked by whoever asks: it holds no dots and does not begin with a slash.
  @Sendable static func read(_ name: String) -> [UInt8]? {
    do throws(CommandFailure) {
      return try InputFile.read(folder + name)
    } catch {
      return nil
    }
  }
}
