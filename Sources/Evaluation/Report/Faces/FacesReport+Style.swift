extension FacesReport {
    /// CSS of photos and matrix, on top of the frame's and the cards'.
    static let style = """
        .photo{position:relative;margin:0 auto;max-width:max(96px,85vh*var(--ratio));background:var(--ground);border-radius:8px;
        overflow:hidden}
        .photo img,.photo svg{position:absolute;inset:0;width:100%;height:100%;display:block}
        .photo svg{overflow:hidden;font-weight:600;font-family:inherit}
        .box{fill:none;stroke:var(--accent);stroke-width:2.5;vector-effect:non-scaling-stroke}
        .landmark{fill:#fff;stroke:rgb(0 0 0/.55);stroke-width:1;vector-effect:non-scaling-stroke}
        .tag{fill:var(--tag)}
        .photo text{fill:#fff;text-anchor:middle}
        .legend{max-width:360px;margin:0 0 16px;font-size:.75rem;color:var(--soft)}
        .ramp{display:block;height:12px;border-radius:6px;border:1px solid var(--line);
        background:linear-gradient(90deg,rgb(var(--cool)),rgb(var(--cool)/0) 50%,rgb(var(--heat)/0) 50%,rgb(var(--heat)));
        -webkit-print-color-adjust:exact;print-color-adjust:exact}
        .ticks{display:flex;justify-content:space-between;margin-top:3px}
        .matrix{border-collapse:separate;border-spacing:2px;font-variant-numeric:tabular-nums;
        -webkit-print-color-adjust:exact;print-color-adjust:exact}
        .matrix th{font-size:.75rem;font-weight:600;color:var(--soft);padding:2px 4px;line-height:1.3}
        .matrix th .crop{width:40px;height:40px;border-radius:6px;margin:0 auto 1px}
        .matrix tbody th{position:sticky;left:0;background:var(--card);z-index:1}
        .matrix td{background:rgb(var(--heat)/var(--v,0))}
        .matrix td.below{background:rgb(var(--cool)/var(--v,0))}
        .matrix thead td{background:none}
        .numbers tbody td{min-width:58px;height:58px;padding:0 4px;border-radius:6px;text-align:center;font-size:.9rem}
        .matrix td.strong{color:#fff}
        .colours th .crop{display:none}
        .colours tbody td{min-width:17px;height:17px}
        .matrix.colours{border-spacing:1px}
        .colours th{font-size:.6rem;padding:0 1px;font-weight:400}
        @media (max-width:600px){.matrix th .crop{width:30px;height:30px}
        .numbers tbody td{min-width:46px;height:44px;font-size:.8rem;padding:0 2px}}
        """
}
