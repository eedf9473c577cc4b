extension ReportPage {
    /// The frame's CSS. Colours are variables, so that parts follow light and dark by themselves: `--ground`, `--card`,
    /// `--ink`, `--soft` for secondary text, `--line`, `--accent`, `--good`, `--doubtful`, `--bad`, and `--series-1` … `--series-6` for
    /// what stands side by side in a chart.
    static let style = """
        :root{color-scheme:light dark;--ground:#f6f7f9;--card:#fff;--ink:#1b2330;--soft:#5b6676;--line:#dfe3e9;
        --accent:#1f6feb;--tag:#1f6feb;--heat:31 97 214;--cool:196 122 18;--good:#1a7f45;--doubtful:#9a6700;--bad:#c4302b;
        --series-1:#1f6feb;--series-2:#c47a12;--series-3:#2a8f62;--series-4:#8250c4;--series-5:#bf3d68;--series-6:#5b6676}
        @media (prefers-color-scheme:dark){:root{--ground:#11151b;--card:#191f28;--ink:#e8ecf2;--soft:#97a3b4;
        --line:#2b3440;--accent:#5b9dff;--heat:48 110 230;--cool:224 150 44;--good:#4cc38a;--doubtful:#e0a83a;--bad:#ff7b72;
        --series-1:#5b9dff;--series-2:#e0962c;--series-3:#4cc38a;--series-4:#b18cff;--series-5:#f07ba3;--series-6:#97a3b4}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--ground);color:var(--ink);
        font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
        main{max-width:1120px;margin:0 auto;padding:32px 24px 64px}
        h1{font-size:1.75rem;line-height:1.2;margin:0 0 4px;letter-spacing:-.01em}
        h2{font-size:1.15rem;margin:0 0 14px;overflow-wrap:anywhere}
        h2 small{font-weight:400;font-size:.85rem;color:var(--soft);margin-left:6px}
        .summary{margin:0 0 4px;color:var(--soft)}
        .facts{display:flex;flex-wrap:wrap;gap:6px 28px;margin:14px 0 0}
        .facts dt{font-size:.75rem;color:var(--soft)}
        .facts dd{margin:0;font-size:.9rem;overflow-wrap:anywhere}
        section{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:20px;margin-top:24px}
        .note{margin:12px 0 0;color:var(--soft);font-size:.92rem}
        h2+.note{margin:0 0 14px}
        .note b{color:var(--ink)}
        .badge{display:inline-block;padding:1px 9px;border-radius:999px;border:1px solid currentColor;font-size:.75rem;
        font-weight:600;letter-spacing:.03em;line-height:1.5;vertical-align:middle}
        .pass{color:var(--good)}.warn{color:var(--doubtful)}.fail{color:var(--bad)}
        .scroll{overflow-x:auto}
        .figures{border-collapse:collapse;font-size:.92rem;font-variant-numeric:tabular-nums}
        .figures th{font-size:.78rem;font-weight:600;color:var(--soft);text-align:right;padding:4px 14px 6px;
        border-bottom:1px solid var(--line);white-space:nowrap;vertical-align:bottom}
        .figures td{text-align:right;padding:5px 14px;border-bottom:1px solid var(--line);white-space:nowrap}
        .figures tr:last-child td{border-bottom:0}
        .figures tr.begins td{border-top:2px solid var(--soft)}
        .figures .text{text-align:left;white-space:normal}
        .figures th:first-child,.figures td:first-child{padding-left:0}
        .chart{display:block;width:100%;max-width:820px;height:auto;font-size:12px;font-variant-numeric:tabular-nums}
        .chart text{fill:var(--soft)}
        .chart .axis{stroke:var(--line);stroke-width:1}
        .chart .bar{fill:var(--accent)}
        @media (max-width:600px){main{padding:20px 12px 40px}section{padding:14px;border-radius:10px}h1{font-size:1.4rem}
        .figures th,.figures td{padding-left:8px;padding-right:8px}}
        @media print{section{break-inside:avoid}body{background:#fff}.badge,.chart{-webkit-print-color-adjust:exact;
        print-color-adjust:exact}}
        """
}
