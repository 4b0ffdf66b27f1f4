internal import RelayExpressions
internal import RelayModel
internal import RelayStore

/// The pages that people see who follow an approval's link: one file each, without script, image or font, so
/// that nothing but the relay is asked for anything.
enum ApprovalPage {
  /// What is asked, with a form to answer it.
  static func question(_ question: ApprovalQuestion, _ deadline: Timestamp, _ asker: ApprovalAsker) -> [UInt8]
  {
    let until = deadline.rfc3339
    let message =
      question.message.isEmpty ? "" : "<p class=\"message\">\(Escaping.html(question.message))</p>"
    return whole(
      title: question.title,
      """
      <p class="asker">Workflow <b>\(Escaping.html(asker.workflow))</b> asks for your approval</p>
      <h1>\(Escaping.html(question.title))</h1>
      \(message)
      <form method="post">
        <label for="by">Your name</label>
        <input id="by" name="by" maxlength="100" autocomplete="name">
        <label for="comment">Comment <span>(optional)</span></label>
        <textarea id="comment" name="comment" maxlength="2000" rows="3"></textarea>
        <div class="actions">
          <button class="approve" name="decision" value="approve">Approve</button>
          <button class="reject" name="decision" value="reject">Reject</button>
        </div>
      </form>
      <p class="small">Open until <time datetime="\(until)">\(until.prefix(16).replacing("T")) UTC</time>.
      A decision is final.<br>Execution \(Escaping.html(asker.execution))</p>
      """)
  }

  /// One sentence.
  static func word(_ title: String, _ text: String) -> [UInt8] {
    whole(title: title, "<h1>\(Escaping.html(title))</h1>\n<p>\(Escaping.html(text))</p>")
  }

  private static func whole(title: String, _ content: String) -> [UInt8] {
    Array(
      """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta name="robots" content="noindex">
      <title>\(Escaping.html(title))</title>
      <style>\(style)</style>
      </head>
      <body>
      <main>
      \(content)
      </main>
      </body>
      </html>

      """.utf8)
  }

  private static let style = """
    :root { color-scheme: light dark; --page: #f3f4f6; --card: #fff; --ink: #16191d; --soft: #565e68;
      --line: #c4cad1; --go: #14653a; --go-ink: #fff; --stop: #a3201f; }
    @media (prefers-color-scheme: dark) { :root { --page: #101418; --card: #1a2026; --ink: #e9edf1;
      --soft: #a3adb8; --line: #47525e; --go: #6fd49b; --go-ink: #06210f; --stop: #ff9a94; } }
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--page); color: var(--ink);
      font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
    main { max-width: 36rem; margin: clamp(0px, 8vh, 6rem) auto; padding: clamp(1.25rem, 5vw, 2.5rem);
      background: var(--card); border-radius: .75rem; overflow-wrap: anywhere; }
    h1 { margin: .25rem 0 1rem; font-size: 1.5rem; line-height: 1.25; }
    .asker, .small, label span { color: var(--soft); }
    .asker { margin: 0; }
    .message { white-space: pre-wrap; }
    label { display: block; margin: 1rem 0 .25rem; font-weight: 600; }
    label span { font-weight: 400; }
    input, textarea { width: 100%; padding: .6rem .75rem; font: inherit; color: inherit;
      background: var(--card); border: 1px solid var(--line); border-radius: .5rem; resize: vertical; }
    .actions { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1.5rem 0 1rem; }
    button { flex: 1 1 9rem; min-height: 2.75rem; padding: .6rem 1rem; font: inherit; font-weight: 600;
      border-radius: .5rem; border: 1px solid; cursor: pointer; }
    .approve { color: var(--go-ink); background: var(--go); border-color: var(--go); }
    .reject { color: var(--stop); background: transparent; border-color: var(--stop); }
    :focus-visible { outline: 3px solid var(--go); outline-offset: 2px; }
    .small { font-size: .875rem; margin-bottom: 0; }
    """
}

extension Substring {
  /// Date and time as people read them.
  fileprivate func replacing(_ letter: Character) -> String {
    String(map { $0 == letter ? " " : $0 })
  }
}
