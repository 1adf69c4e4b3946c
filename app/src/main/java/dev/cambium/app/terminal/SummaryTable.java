package dev.cambium.app.terminal;

import dev.cambium.app.terminal.Table.Column;
import dev.cambium.models.Summary;

/** A network layer by layer. */
public final class SummaryTable {
    private SummaryTable() {}

    /**
     * Prints it.
     *
     * @param name
     *            of the network
     */
    public static void print(Terminal terminal, String name, Summary summary) {
        terminal.heading("Network: " + name);
        var table = new Table(Column.text("layer"), Column.text("kind"), Column.text("output"),
                Column.number("parameters"), Column.number("FLOPs"));
        for (Summary.Row row : summary.rows()) {
            table.row(row.path().isEmpty() ? name : row.path(), row.kind(), row.output().toString(),
                    Numbers.count(row.parameters()), Numbers.count(row.flops()));
        }
        table.row("total", "", "", Numbers.count(summary.parameters()), Numbers.count(summary.flops()));
        table.print(terminal);
        terminal.line(terminal.paint(Terminal.Style.DIM,
                "FLOPs are those of one image forwards; a training step takes about three times as many."));
    }
}
