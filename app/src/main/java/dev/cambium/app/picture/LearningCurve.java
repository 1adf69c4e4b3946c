package dev.cambium.app.picture;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

import org.jspecify.annotations.Nullable;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

import dev.cambium.app.run.MetricsLog;

/** How loss and accuracy went over the epochs, of the training examples as a thin line, of the test examples as dots. */
public final class LearningCurve {
    private static final int WIDTH = 1200;
    private static final int HEIGHT = 500;
    private static final Color TRAIN = new Color(0x9DB8D9);
    private static final Color TEST = new Color(0xC8553D);
    private static final Color GRID = new Color(0xE6E6E6);

    private LearningCurve() {}

    /**
     * Writes the picture as PNG.
     *
     * @param title
     *            what was trained
     * @param lines
     *            the metrics of the run, in the order of their steps
     * @param stepsPerEpoch
     *            how many steps an epoch has
     */
    public static void write(OutputStream out, String title, List<MetricsLog.Line> lines, long stepsPerEpoch)
            throws IOException {
        Png.write(WIDTH, HEIGHT, out, g -> {
            XYChart loss = chart(title + ": loss", "loss", lines, stepsPerEpoch,
                    line -> positive(line.trainLoss()), line -> positive(line.testLoss()));
            loss.getStyler().setYAxisLogarithmic(true);
            XYChart accuracy = chart(title + ": accuracy", "accuracy in %", lines, stepsPerEpoch,
                    line -> 100 * line.trainAccuracy(),
                    line -> line.testAccuracy() == null ? null : 100 * line.testAccuracy());
            accuracy.getStyler().setYAxisMin(lowest(lines)).setYAxisMax(100.0)
                    .setLegendPosition(Styler.LegendPosition.InsideSE);
            loss.paint(g, WIDTH / 2, HEIGHT);
            Graphics2D right = (Graphics2D) g.create(WIDTH / 2, 0, WIDTH / 2, HEIGHT);
            accuracy.paint(right, WIDTH / 2, HEIGHT);
        });
    }

    /** A logarithmic axis has no place for 0. */
    private static @Nullable Double positive(@Nullable Double loss) {
        return loss == null || loss <= 0 ? null : loss;
    }

    /** From where accuracy is shown: a little below the worst epoch, since the first steps would leave the rest no room. */
    private static double lowest(List<MetricsLog.Line> lines) {
        double worst = 100;
        for (MetricsLog.Line line : lines) {
            if (line.testAccuracy() != null) {
                worst = Math.min(worst, 100 * Math.min(line.trainAccuracy(), line.testAccuracy()));
            }
        }
        return Math.max(0, Math.floor(worst - (100 - worst) / 2));
    }

    private static XYChart chart(String title, String what, List<MetricsLog.Line> lines, long stepsPerEpoch,
            Function<MetricsLog.Line, @Nullable Double> train, Function<MetricsLog.Line, @Nullable Double> test) {
        XYChart chart = new XYChartBuilder().title(title).xAxisTitle("epoch").yAxisTitle(what).build();
        style(chart.getStyler());
        double last = lines.isEmpty() ? 1 : lines.getLast().step() / (double) stepsPerEpoch;
        chart.getStyler().setXAxisMin(0.0).setXAxisMax(Math.ceil(last * 100) / 100).setXAxisDecimalPattern("#.##");
        // A mean over some steps belongs in their middle; the first line is of one step.
        add(chart, "training", lines.stream().filter(line -> line.testAccuracy() == null).toList(),
                line -> Math.max(0.5, line.step() - MetricsLog.INTERVAL / 2.0) / stepsPerEpoch, train, TRAIN,
                SeriesMarkers.NONE);
        add(chart, "test", lines, line -> line.step() / (double) stepsPerEpoch, test, TEST, SeriesMarkers.CIRCLE);
        return chart;
    }

    /** Adds a line through the values that there are: a loss that is not a number is none. */
    private static void add(XYChart chart, String name, List<MetricsLog.Line> lines,
            ToDoubleFunction<MetricsLog.Line> epoch, Function<MetricsLog.Line, @Nullable Double> value, Color colour,
            Marker marker) {
        List<MetricsLog.Line> known = lines.stream().filter(line -> value.apply(line) != null).toList();
        if (!known.isEmpty()) {
            chart.addSeries(name, known.stream().mapToDouble(epoch).toArray(),
                    known.stream().mapToDouble(line -> Objects.requireNonNull(value.apply(line))).toArray())
                    .setMarker(marker).setMarkerColor(colour).setLineColor(colour).setLineStyle(new BasicStroke(1.5f));
        }
    }

    private static void style(XYStyler styler) {
        styler.setChartBackgroundColor(Color.WHITE).setChartTitleBoxVisible(false)
                .setChartTitleFont(Png.font(Font.BOLD, 16)).setLegendPosition(Styler.LegendPosition.InsideNE)
                .setLegendBorderColor(GRID).setLegendFont(Png.font(Font.PLAIN, 13)).setChartPadding(12)
                .setPlotBorderVisible(false);
        styler.setPlotGridLinesColor(GRID).setAxisTitleFont(Png.font(Font.PLAIN, 13))
                .setAxisTickLabelsFont(Png.font(Font.PLAIN, 12)).setMarkerSize(7);
    }
}
