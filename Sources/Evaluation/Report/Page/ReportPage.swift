/// The frame that all pages share: heading, facts and sections, self-contained and readable in light and dark.
package struct ReportPage: Sendable {
    /// The page's heading.
    package var title: String
    /// One sentence below it; may be empty.
    package var summary: String
    /// What came out, as a badge beside the heading; nil where nothing was judged.
    package var verdict: Verdict?
    /// What a reader needs to know to get the same page again, such as the model and the runtime; in this order.
    package var facts: [Fact]
    /// The page's parts, from top to bottom.
    package var sections: [Section]
    /// CSS of the parts, after the frame's own.
    package var styles: [String]

    /// A page with its parts as given.
    package init(
        title: String, summary: String = "", verdict: Verdict? = nil, facts: [Fact] = [], sections: [Section] = [],
        styles: [String] = []
    ) {
        self.title = title
        self.summary = summary
        self.verdict = verdict
        self.facts = facts
        self.sections = sections
        self.styles = styles
    }

    /// A name and a value, both plain text.
    package struct Fact: Sendable {
        /// What it is.
        package var name: String
        /// What was found.
        package var value: String

        /// A fact with its parts as given.
        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// A card with a heading.
    package struct Section: Sendable {
        /// Plain text.
        package var heading: String
        /// Plain text in small letters beside the heading; may be empty.
        package var detail: String
        /// HTML, in which every text is escaped.
        package var body: String

        /// A section with its parts as given.
        package init(_ heading: String, detail: String = "", body: String) {
            self.heading = heading
            self.detail = detail
            self.body = body
        }
    }

    /// The whole page: no script, no font, no request.
    package func html() -> String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>\(HTMLText.escaped(title))</title>
        <style>
        \(([Self.style] + styles).joined(separator: "\n"))
        </style>
        </head>
        <body>
        <main>
        <header>
        <h1>\(HTMLText.escaped(title))\(verdict.map { " " + Self.badge($0) } ?? "")</h1>
        \(summary.isEmpty ? "" : "<p class=\"summary\">\(HTMLText.escaped(summary))</p>\n")\(factsHTML)</header>
        \(sections.map(\.html).joined())</main>
        </body>
        </html>

        """
    }

    /// A verdict as a coloured word.
    static func badge(_ verdict: Verdict) -> String {
        "<span class=\"badge \(verdict.rawValue.lowercased())\">\(verdict.rawValue)</span>"
    }

    /// A paragraph of plain text below or above a section's content.
    static func note(_ text: String) -> String {
        text.isEmpty ? "" : "<p class=\"note\">\(HTMLText.escaped(text))</p>\n"
    }

    private var factsHTML: String {
        guard !facts.isEmpty else { return "" }
        let items = facts.map {
            "<div><dt>\(HTMLText.escaped($0.name))</dt><dd>\(HTMLText.escaped($0.value))</dd></div>"
        }
        return "<dl class=\"facts\">\n\(items.joined(separator: "\n"))\n</dl>\n"
    }
}

extension ReportPage.Section {
    var html: String {
        let small = detail.isEmpty ? "" : " <small>\(HTMLText.escaped(detail))</small>"
        return "<section>\n<h2>\(HTMLText.escaped(heading))\(small)</h2>\n\(body)</section>\n"
    }
}
