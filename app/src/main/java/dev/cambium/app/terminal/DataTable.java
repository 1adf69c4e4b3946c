package dev.cambium.app.terminal;

import dev.cambium.app.terminal.Table.Column;
import dev.cambium.data.Batch;
import dev.cambium.data.Splits;
import dev.cambium.tensor.TensorType;

/** The shapes and types of a dataset and of one batch of it: the first thing to look at before training on it. */
public final class DataTable {
    private DataTable() {}

    /**
     * Prints them.
     *
     * @param name
     *            of the dataset
     * @param splits
     *            its examples
     * @param batch
     *            a batch of the training examples
     */
    public static void print(Terminal terminal, String name, Splits splits, Batch batch) {
        terminal.heading("Data: " + name);
        new Table(Column.text(""), Column.text("images"), Column.text("labels"))
                .row("train", type(splits.train().size(), splits.train().inputType()),
                        type(splits.train().size(), splits.train().targetType()))
                .row("test", type(splits.test().size(), splits.test().inputType()),
                        type(splits.test().size(), splits.test().targetType()))
                .row("one batch", batch.inputs().type().toString(), batch.targets().type().toString())
                .print(terminal);
        terminal.line("classes: " + String.join(", ", splits.train().classNames()));
    }

    private static String type(int examples, TensorType single) {
        return new TensorType(single.dtype(), single.shape().prepend(examples)).toString();
    }
}
