package dev.cambium.app.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;

import dev.cambium.app.terminal.ConfusionTable;
import dev.cambium.app.terminal.Numbers;
import dev.cambium.app.terminal.Terminal;
import dev.cambium.app.terminal.Terminal.Style;
import dev.cambium.data.Examples;
import dev.cambium.nn.Loss;
import dev.cambium.nn.Metric;
import dev.cambium.part.Parts;
import dev.cambium.tensor.NdArray;
import dev.cambium.train.Evaluation;
import dev.cambium.train.Model;

/**
 * How a model did on examples that it had not learned from.
 *
 * @param evaluation
 *            loss, accuracy and confusion matrix
 * @param classNames
 *            by class
 */
record TestResult(Evaluation evaluation, List<String> classNames) {
    private static final int BATCH = 200;
    private static final String ACCURACY = "accuracy";
    private static final String CONFUSION_MATRIX = "confusion-matrix";

    static TestResult of(Model model, Examples examples, Loss loss, Parts parts) {
        var metrics = new LinkedHashMap<String, Metric>();
        metrics.put(ACCURACY, parts.find(Metric.class, ACCURACY).create());
        metrics.put(CONFUSION_MATRIX, parts.find(Metric.class, CONFUSION_MATRIX).create());
        return new TestResult(model.evaluate(examples, loss, metrics, BATCH), examples.classNames());
    }

    /** [true class, predicted class] counts. */
    NdArray confusion() {
        return Objects.requireNonNull(evaluation.metrics().get(CONFUSION_MATRIX));
    }

    void print(Terminal terminal) {
        ConfusionTable.print(terminal, confusion(), classNames);
        terminal.line();
        terminal.line("On %s test images: loss %s, accuracy %s".formatted(Numbers.count(evaluation.examples()),
                Numbers.loss(evaluation.loss()),
                terminal.paint(Style.BOLD, Numbers.percent(evaluation.get(ACCURACY)))));
    }
}
