//! The report as a picture: how much of the CPU, and of the memory, each server needs beside the base.
//!
//! Ratios are drawn on a logarithmic axis: twice as much is as far from one as half as much. Each server has a
//! shape besides its colour, and the colours follow the reader's light or dark scheme.

use crate::peers::{BASE, OURS};
use crate::results::{Results, Row};
use crate::table::short;
use benches::outcome::Outcome;
use benches::scenario::Kind;
use std::fmt::Write;

const WIDTH: f64 = 900.0;
/// Where the plot lies between the scenarios' names and our own figures.
const PLOT: (f64, f64) = (395.0, 810.0);
const TOP: f64 = 124.0;
const ROW: f64 = 30.0;

/// Shapes around the origin, a colour for light and one for dark.
const MARKS: [(&str, &str, &str, &str); 7] = [
    (
        "before",
        "M-6,0a6,6 0 1,0 12,0a6,6 0 1,0 -12,0m2,0a4,4 0 1,1 8,0a4,4 0 1,1 -8,0",
        "#0b5cad",
        "#79b8ff",
    ),
    (OURS, "M-7,0a7,7 0 1,0 14,0a7,7 0 1,0 -14,0", "#0b5cad", "#79b8ff"),
    ("socketioxide-nodelay", "M-5,-5h10v10h-10z", "#a8326e", "#f192bd"),
    ("node", "M0,-7l7,7l-7,7l-7,-7z", "#2b7a30", "#7fd184"),
    ("python", "M0,-6l7,12h-14z", "#8f5600", "#eab464"),
    ("limit-frame", "M-6,-2h12v4h-12z", "#5f6670", "#a9b1bb"),
    ("limit-batch", "M-2,-7h4v14h-4z", "#5f6670", "#a9b1bb"),
];

/// One line of the chart.
struct Line<'a> {
    title: String,
    rows: &'a [Row],
    figure: fn(&Outcome) -> Option<f64>,
}

/// A logarithmic axis.
struct Axis {
    /// The powers of two at its ends.
    from: i32,
    to: i32,
}

/// The whole picture.
pub fn svg(results: &Results) -> String {
    let mut out = String::new();
    draw(results, &mut out).expect("a string takes what is written");
    out
}

fn draw(results: &Results, out: &mut String) -> std::fmt::Result {
    let lines: Vec<Line<'_>> = results.scenarios().flat_map(lines).collect();
    let ratios = lines
        .iter()
        .flat_map(|line| line.rows.iter().filter_map(|row| results.ratio(row, line.figure)));
    let axis = Axis::around(ratios);
    let bottom = TOP + ROW * lines.len() as f64;
    let height = bottom + 50.0;

    writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
         aria-labelledby=\"title\" font-family=\"system-ui, sans-serif\" font-size=\"14\">"
    )?;
    style(out)?;
    writeln!(out, "<title id=\"title\">CPU and memory of Socket.IO servers beside {BASE}</title>")?;
    writeln!(out, "<rect class=\"paper\" width=\"{WIDTH}\" height=\"{height}\"/>")?;
    writeln!(
        out,
        "<text x=\"16\" y=\"28\" font-size=\"17\" font-weight=\"600\">\
         What a server needs beside {BASE} (×1): further left is better</text>\n\
         <text x=\"16\" y=\"50\">CPU time for each delivery, round trip or handshake; memory for each \
         idle client</text>"
    )?;
    legend(results, out)?;
    axis.draw(TOP - 6.0, bottom, out)?;
    for (index, line) in lines.iter().enumerate() {
        line.draw(results, &axis, TOP + ROW * (index as f64 + 0.5), out)?;
    }
    writeln!(out, "</svg>")
}

fn style(out: &mut String) -> std::fmt::Result {
    writeln!(out, "<style>\n.paper {{ fill: #fff }} text {{ fill: #1c2128 }}")?;
    writeln!(out, ".grid {{ stroke: #d5dae0 }} .base {{ stroke: #5f6670; stroke-width: 2 }}")?;
    for (name, _, light, _) in MARKS {
        writeln!(out, ".{name} {{ fill: {light} }}")?;
    }
    writeln!(out, "@media (prefers-color-scheme: dark) {{")?;
    writeln!(out, ".paper {{ fill: #15191e }} text {{ fill: #e4e8ed }}")?;
    writeln!(out, ".grid {{ stroke: #343b44 }} .base {{ stroke: #a9b1bb }}")?;
    for (name, _, _, dark) in MARKS {
        writeln!(out, ".{name} {{ fill: {dark} }}")?;
    }
    writeln!(out, "}}\n</style>")
}

/// The marks of those that were measured, in two lines of four.
fn legend(results: &Results, out: &mut String) -> std::fmt::Result {
    let measured = |name: &str| {
        results.rows.iter().any(|row| row.peer == name && row.rounds.iter().any(Result::is_ok))
    };
    let marks = MARKS.iter().filter(|(name, ..)| measured(name));
    for (index, (name, ..)) in marks.enumerate() {
        let (x, y) = (24.0 + 215.0 * (index % 4) as f64, 74.0 + 22.0 * (index / 4) as f64);
        mark(name, name, x, y, out)?;
        writeln!(out, "<text x=\"{}\" y=\"{}\">{name}</text>", x + 14.0, y + 5.0)?;
    }
    Ok(())
}

fn mark(name: &str, title: &str, x: f64, y: f64, out: &mut String) -> std::fmt::Result {
    for (_, shape, ..) in MARKS.iter().filter(|(other, ..)| *other == name) {
        writeln!(
            out,
            "<path class=\"{name}\" transform=\"translate({x:.1} {y:.1})\" d=\"{shape}\">\
             <title>{title}</title></path>"
        )?;
    }
    Ok(())
}

fn lines(rows: &[Row]) -> Vec<Line<'_>> {
    let Some(scenario) = rows.first().map(|row| row.scenario) else { return Vec::new() };
    let title = scenario.title();
    let cpu = |title| Line { title, rows, figure: |outcome| Some(outcome.cpu) };
    if scenario.kind != Kind::Idle {
        return vec![cpu(title)];
    }
    let memory = Line { title: format!("{title}, memory"), rows, figure: |outcome| outcome.memory };
    vec![cpu(format!("{title}, handshakes")), memory]
}

impl Line<'_> {
    fn draw(&self, results: &Results, axis: &Axis, y: f64, out: &mut String) -> std::fmt::Result {
        writeln!(out, "<text x=\"16\" y=\"{:.1}\">{}</text>", y + 5.0, self.title)?;
        // Our own last, so that nothing hides it.
        let (own, others): (Vec<&Row>, _) = self.rows.iter().partition(|row| row.peer == OURS);
        for row in others.into_iter().chain(own).filter(|row| row.peer != BASE) {
            let Some(ratio) = results.ratio(row, self.figure) else { continue };
            let title = format!("{} ×{}", row.peer, short(ratio));
            mark(row.peer, &title, axis.x(ratio), y, out)?;
            if row.peer == OURS {
                let (x, y) = (WIDTH - 16.0, y + 5.0);
                writeln!(
                    out,
                    "<text x=\"{x}\" y=\"{y:.1}\" text-anchor=\"end\" font-weight=\"600\">×{}</text>",
                    short(ratio)
                )?;
            }
        }
        Ok(())
    }
}

impl Axis {
    fn around(ratios: impl Iterator<Item = f64>) -> Self {
        // Nothing measured reaches beyond; a ratio to nothing would.
        let logs = ratios.map(f64::log2).filter(|log| log.abs() < 12.0);
        let (least, most) = logs
            .fold((-1.0, 1.0), |(least, most): (f64, f64), log| (least.min(log), most.max(log)));
        Self { from: least.floor() as i32, to: most.ceil() as i32 }
    }

    fn x(&self, ratio: f64) -> f64 {
        let (from, to) = (f64::from(self.from), f64::from(self.to));
        let part = (ratio.log2().clamp(from, to) - from) / (to - from);
        PLOT.0 + part * (PLOT.1 - PLOT.0)
    }

    fn draw(&self, top: f64, bottom: f64, out: &mut String) -> std::fmt::Result {
        for power in self.from..=self.to {
            let ratio = f64::from(power).exp2();
            let (x, class) = (self.x(ratio), if power == 0 { "base" } else { "grid" });
            writeln!(out, "<path class=\"{class}\" d=\"M{x:.1},{top}V{bottom}\"/>")?;
            // Labels that would touch are left out.
            if self.to - self.from > 8 && power % 2 != 0 {
                continue;
            }
            let y = bottom + 22.0;
            let label = if power < 0 { format!("1/{}", 1 << -power) } else { format!("×{ratio}") };
            writeln!(out, "<text x=\"{x:.1}\" y=\"{y}\" text-anchor=\"middle\">{label}</text>")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
