extension FacesReport {
    static let style = """
        :root{color-scheme:light dark;--ground:#f6f7f9;--card:#fff;--ink:#1b2330;--soft:#5b6676;--line:#dfe3e9;
        --accent:#1f6feb;--tag:#1f6feb;--heat:31 97 214;--cool:196 122 18}
        @media (prefers-color-scheme:dark){:root{--ground:#11151b;--card:#191f28;--ink:#e8ecf2;--soft:#97a3b4;
        --line:#2b3440;--accent:#5b9dff;--heat:48 110 230;--cool:224 150 44}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--ground);color:var(--ink);
        font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
        main{max-width:1120px;margin:0 auto;padding:32px 24px 64px}
        h1{font-size:1.75rem;line-height:1.2;margin:0 0 4px;letter-spacing:-.01em}
        h2{font-size:1.15rem;margin:0 0 14px;overflow-wrap:anywhere}
        h2 small{font-weight:400;font-size:.85rem;color:var(--soft);margin-left:6px;white-space:nowrap}
        .summary{margin:0 0 4px;color:var(--soft)}
        .facts{display:flex;flex-wrap:wrap;gap:6px 28px;margin:14px 0 0}
        .facts dt{font-size:.75rem;color:var(--soft)}
        .facts dd{margin:0;font-size:.9rem;overflow-wrap:anywhere}
        section{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:20px;margin-top:24px}
        .photo{position:relative;margin:0 auto;max-width:max(96px,85vh*var(--ratio));background:var(--ground);border-radius:8px;
        overflow:hidden}
        .photo img,.photo svg{position:absolute;inset:0;width:100%;height:100%;display:block}
        .photo svg{overflow:hidden;font-weight:600;font-family:inherit}
        .box{fill:none;stroke:var(--accent);stroke-width:2.5;vector-effect:non-scaling-stroke}
        .landmark{fill:#fff;stroke:rgb(0 0 0/.55);stroke-width:1;vector-effect:non-scaling-stroke}
        .tag{fill:var(--tag)}
        .photo text{fill:#fff;text-anchor:middle}
        .note{margin:12px 0 0;color:var(--soft);font-size:.92rem}
        h2+.note{margin:0 0 14px}
        .note b{color:var(--ink)}
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
        .legend{max-width:360px;margin:0 0 16px;font-size:.75rem;color:var(--soft)}
        .ramp{display:block;height:12px;border-radius:6px;border:1px solid var(--line);
        background:linear-gradient(90deg,rgb(var(--cool)),rgb(var(--cool)/0) 50%,rgb(var(--heat)/0) 50%,rgb(var(--heat)));
        -webkit-print-color-adjust:exact;print-color-adjust:exact}
        .ticks{display:flex;justify-content:space-between;margin-top:3px}
        .scroll{overflow-x:auto}
        table{border-collapse:separate;border-spacing:2px;font-variant-numeric:tabular-nums;
        -webkit-print-color-adjust:exact;print-color-adjust:exact}
        th{font-size:.75rem;font-weight:600;color:var(--soft);padding:2px 4px;line-height:1.3}
        th .crop{width:40px;height:40px;border-radius:6px;margin:0 auto 1px}
        tbody th{position:sticky;left:0;background:var(--card);z-index:1}
        td{background:rgb(var(--heat)/var(--v,0))}
        td.below{background:rgb(var(--cool)/var(--v,0))}
        thead td{background:none}
        .numbers tbody td{min-width:58px;height:58px;padding:0 4px;border-radius:6px;text-align:center;font-size:.9rem}
        td.strong{color:#fff}
        .colours th .crop{display:none}
        .colours tbody td{min-width:17px;height:17px}
        .colours{border-spacing:1px}
        .colours th{font-size:.6rem;padding:0 1px;font-weight:400}
        @media (max-width:600px){main{padding:20px 12px 40px}section{padding:14px;border-radius:10px}
        h1{font-size:1.4rem}.faces{gap:12px}.faces li,.faces .crop{width:96px}.faces .crop{height:96px}.faces dl{gap:0 2px;font-size:.75rem}
        th .crop{width:30px;height:30px}.numbers tbody td{min-width:46px;height:44px;font-size:.8rem;padding:0 2px}}
        @media print{section{break-inside:avoid}body{background:#fff}}
        """
}
