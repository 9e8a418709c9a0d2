//! Links of a Markdown page.

/// The targets of inline links that are paths, without their anchors.
pub(crate) fn relative(page: &str) -> Vec<String> {
    let mut targets = Vec::new();
    let mut fenced = false;
    for line in page.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        if fenced {
            continue;
        }
        for rest in line.split("](").skip(1) {
            let target = rest.split([')', '#']).next().unwrap_or_default();
            if !target.is_empty() && !target.contains("://") && !target.starts_with("mailto:") {
                targets.push(target.to_owned());
            }
        }
    }
    targets
}

#[test]
fn only_paths_are_followed() {
    let page = "see [a](b.md#c), [d](#e), [f](https://example.org/g)\n```\n[h](i.md)\n```\n";
    assert_eq!(relative(page), ["b.md"]);
}
