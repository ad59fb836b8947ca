//! Which lines differ between two versions of a text, with a few lines around them.

use maud::{Markup, html};
use similar::{ChangeTag, TextDiff};

use crate::web::language::t;

/// Unchanged lines around a change.
const AROUND: usize = 3;
/// Lines that are shown at most: who replaced everything wants the file, not this.
const MOST: usize = 400;

/// The difference, line by line: signs and words as well as colors.
pub(super) fn draw(old: &str, new: &str) -> Markup {
    let diff = TextDiff::from_lines(old, new);
    let groups = diff.grouped_ops(AROUND);
    if groups.is_empty() {
        return html! { p .muted { (t!("catalogue-same")) } };
    }
    let count = |tag: ChangeTag| diff.iter_all_changes().filter(|c| c.tag() == tag).count();
    let (added, removed) = (count(ChangeTag::Insert), count(ChangeTag::Delete));
    let lines = groups.iter().enumerate().flat_map(|(n, group)| {
        let changes = group.iter().flat_map(|op| diff.iter_changes(op)).map(Some);
        // A gap between two groups.
        (n > 0).then_some(None).into_iter().chain(changes)
    });
    html! {
        p { (t!("catalogue-diff-counts", added = added, removed = removed)) }
        div .diff tabindex="0" role="group" aria-label=(t!("catalogue-diff-label")) {
            ol {
                @for line in lines.take(MOST) {
                    @match line {
                        None => li .diff__gap { "…" },
                        Some(change) => {
                            @let text = change.value().trim_end_matches('\n');
                            @match change.tag() {
                                ChangeTag::Equal => li { (number(change.new_index())) span { "  " (text) } },
                                ChangeTag::Insert => li .diff__new { (number(change.new_index())) ins { span aria-hidden="true" { "+ " } span .sr-only { (t!("catalogue-line-new")) " " } (text) } },
                                ChangeTag::Delete => li .diff__old { (number(change.old_index())) del { span aria-hidden="true" { "− " } span .sr-only { (t!("catalogue-line-old")) " " } (text) } },
                            }
                        }
                    }
                }
            }
        }
        @if added + removed > MOST { p .hint { (t!("catalogue-diff-cut", count = MOST)) } }
    }
}

fn number(index: Option<usize>) -> Markup {
    html! { span .diff__line { @if let Some(i) = index { (i + 1) } } }
}
