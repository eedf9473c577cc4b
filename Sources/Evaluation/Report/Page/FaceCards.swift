/// Aligned crops with what is known of each, side by side.
struct FaceCards: Sendable {
    struct Card: Sendable {
        /// The face's number on the page, which names its crop.
        var number: Int
        /// What the crop shows, for readers who don't see it.
        var label: String
        /// Plain text; entries without a value are left out.
        var entries: [(name: String, value: String?)]
    }

    var cards: [Card]
    /// A further class for the page's own style; may be empty.
    var kind = ""

    var html: String {
        guard !cards.isEmpty else { return "" }
        return "<ol class=\"faces\(kind.isEmpty ? "" : " \(kind)")\">\n\(cards.map(Self.html).joined())</ol>\n"
    }

    private static func html(_ card: Card) -> String {
        let entries = card.entries.map { name, value in
            value.map { "<dt>\(HTMLText.escaped(name))</dt><dd>\(HTMLText.escaped($0))</dd>" } ?? ""
        }
        return """
            <li><span class="crop f\(card.number)" role="img" aria-label="\(HTMLText.escaped(card.label))"></span>
            <b>\(card.number)</b>
            <dl>\(entries.joined())</dl></li>

            """
    }

    /// CSS that holds each crop once, as a class `fNUMBER` that cards and others share.
    static func crops(_ crops: [(number: Int, image: DataURI)]) -> String {
        crops.map { ".f\($0.number){background-image:url(\"\($0.image.text)\")}" }.joined(separator: "\n")
    }

    static let style = """
        .faces{display:flex;flex-wrap:wrap;gap:16px;list-style:none;margin:18px 0 0;padding:0}
        .faces li{position:relative;width:114px}
        .crop{display:block;background-size:cover;background-color:var(--line);
        -webkit-print-color-adjust:exact;print-color-adjust:exact}
        .faces .crop{width:114px;height:114px;border-radius:8px;border:1px solid var(--line)}
        .faces b{position:absolute;left:6px;top:6px;min-width:22px;padding:0 6px;border-radius:6px;text-align:center;
        background:var(--tag);color:#fff;font-size:.8rem;line-height:1.5}
        .faces dl{display:grid;grid-template-columns:auto 1fr;gap:0 8px;margin:6px 0 0;font-size:.8rem;line-height:1.45}
        .faces dt{color:var(--soft)}
        .faces dd{margin:0;text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
        @media (max-width:600px){.faces{gap:12px}.faces li,.faces .crop{width:96px}.faces .crop{height:96px}
        .faces dl{gap:0 2px;font-size:.75rem}}
        """
}
