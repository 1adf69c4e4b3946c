package dev.cambium.results;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;

import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** How each benchmark's results look. */
final class Charts {
    private static final Color[] COLOURS = {new Color(0xC8553D), new Color(0x3D6FA5), new Color(0x4E8F5B),
            new Color(0xB58A2E), new Color(0x7A5BA6), new Color(0x555555)};
    private static final Color GRID = new Color(0xE6E6E6);
    private static final Color PARITY = new Color(0x888888);
    private static final String FASTER = "Cambium ÷ peer, images/s";

    private Charts() {}

    /** How many times as fast as each contender Cambium trains. */
    static List<Chart<?, ?>> compare(Measurements all) {
        Measurements others = all.having("ratio");
        if (others.rows().isEmpty()) {
            return List.of();
        }
        CategoryChart chart = bars("Training the reference CNN", "Cambium CPU ÷ it, images/s");
        chart.getStyler().setLegendVisible(false);
        chart.addSeries("ratio", others.texts("contender"),
                others.numbers("ratio").stream().map(Charts::rounded).toList());
        return List.of(chart);
    }

    /** The ratio to the fastest peer over batch sizes, widths and networks. */
    static List<Chart<?, ?>> sweep(Measurements all) {
        var charts = new ArrayList<Chart<?, ?>>();
        Measurements reference = all.where("network", "reference CNN").having("ratio");
        Measurements batches = reference.where("width", cell(1));
        if (distinct(batches, "batch") > 1) {
            XYChart chart = lines("The reference CNN over batch sizes", "batch", FASTER);
            byThreads(chart, batches, "batch");
            charts.add(chart);
        }
        Measurements widths = reference.where("batch", "50");
        if (distinct(widths, "width") > 1) {
            XYChart chart = lines("The reference CNN over widths, batch 50", "times as wide", FASTER);
            chart.getStyler().setXAxisLogarithmic(false);
            byThreads(chart, widths, "width");
            charts.add(chart);
        }
        Measurements networks = networks(all);
        if (!networks.rows().isEmpty()) {
            charts.add(networksChart(networks));
        }
        return charts;
    }

    /** The rows of the networks, each with what it takes without skipping zeros. */
    private static Measurements networks(Measurements all) {
        return all.where("width", cell(1)).having("ratio").having("ratio to dense");
    }

    private static CategoryChart networksChart(Measurements networks) {
        CategoryChart chart = bars("Networks of other kinds", "times as fast");
        List<String> names = List.copyOf(new LinkedHashSet<>(networks.texts("network")));
        for (String threads : new LinkedHashSet<>(networks.texts("threads"))) {
            Measurements rows = networks.where("threads", threads);
            String suffix = ", " + threads(threads);
            chart.addSeries("÷ peer" + suffix, names, values(rows, names, "ratio"));
            chart.addSeries("÷ without skipping zeros" + suffix, names, values(rows, names, "ratio to dense"));
        }
        return chart;
    }

    /** A column's value for each network, 0 where it was not measured. */
    private static List<Double> values(Measurements rows, List<String> networks, String column) {
        return networks.stream().map(name -> rows.where("network", name).numbers(column))
                .map(found -> found.isEmpty() ? 0 : rounded(found.getFirst())).toList();
    }

    /** As it is to stand on a bar. */
    private static double rounded(double value) {
        return Math.round(100 * value) / 100.0;
    }

    /** What each sparse kernel takes over the density of its operand, in proportion to the dense one. */
    static List<Chart<?, ?>> sparse(Measurements all) {
        Measurements sparse = all.having("time to dense");
        if (sparse.rows().isEmpty()) {
            return List.of();
        }
        XYChart chart = lines("Kernels that skip zeros, over density", "entries that are not zero, %",
                "time ÷ time of the dense kernel");
        for (String kernel : new LinkedHashSet<>(sparse.texts("kernel"))) {
            Measurements rows = sparse.where("kernel", kernel);
            add(chart, kernel.replace(" skipping zeros", ""), rows.numbers("density"), rows.numbers("time to dense"));
        }
        parity(chart, sparse.numbers("density"));
        return List.of(chart);
    }

    /** What each kernel of a training step takes, beside what the machine would for its operations and for its bytes. */
    static List<Chart<?, ?>> roofline(Measurements all) {
        if (all.rows().isEmpty()) {
            return List.of();
        }
        CategoryChart chart = bars("A training step, kernel by kernel", "milliseconds");
        chart.getStyler().setLabelsVisible(false);
        chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNE);
        chart.getStyler().setXAxisLabelRotation(60);
        chart.getStyler().setAxisTickLabelsFont(font(Font.PLAIN, 10));
        for (String series : List.of("milliseconds", "operations ÷ peak", "bytes ÷ bandwidth")) {
            chart.addSeries(series.equals("milliseconds") ? "measured" : series, all.texts("kernel"),
                    all.numbers(series));
        }
        return List.of(chart);
    }

    private static void byThreads(XYChart chart, Measurements rows, String column) {
        for (String threads : new LinkedHashSet<>(rows.texts("threads"))) {
            Measurements some = rows.where("threads", threads);
            SequencedMap<Double, Double> points = new LinkedHashMap<>();
            for (int i = 0; i < some.rows().size(); i++) {
                points.put(some.numbers(column).get(i), some.numbers("ratio").get(i));
            }
            List<Double> x = points.keySet().stream().sorted().toList();
            add(chart, threads(threads), x, x.stream().map(points::get).toList());
        }
        parity(chart, rows.numbers(column));
    }

    private static void add(XYChart chart, String name, List<Double> x, List<Double> y) {
        Color colour = COLOURS[chart.getSeriesMap().size() % COLOURS.length];
        chart.addSeries(name, x, y).setMarker(SeriesMarkers.CIRCLE).setMarkerColor(colour).setLineColor(colour)
                .setLineStyle(new BasicStroke(1.8f));
    }

    /** The line at 1. */
    private static void parity(XYChart chart, List<Double> x) {
        List<Double> ends = List.of(Collections.min(x), Collections.max(x));
        chart.addSeries("as fast", ends, List.of(1.0, 1.0)).setMarker(SeriesMarkers.NONE).setLineColor(PARITY)
                .setLineStyle(new BasicStroke(1.2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 1,
                        new float[] {5, 4}, 0));
    }

    private static XYChart lines(String title, String x, String y) {
        XYChart chart = new XYChartBuilder().title(title).xAxisTitle(x).yAxisTitle(y).build();
        style(chart.getStyler());
        chart.getStyler().setXAxisLogarithmic(true);
        chart.getStyler().setYAxisMin(0.0);
        chart.getStyler().setMarkerSize(7);
        chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideSE);
        return chart;
    }

    private static CategoryChart bars(String title, String y) {
        CategoryChart chart = new CategoryChartBuilder().title(title).yAxisTitle(y).build();
        style(chart.getStyler());
        chart.getStyler().setLabelsVisible(true);
        chart.getStyler().setLabelsFont(font(Font.PLAIN, 11));
        chart.getStyler().setSeriesColors(COLOURS);
        chart.getStyler().setYAxisMin(0.0);
        chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideS);
        return chart;
    }

    private static void style(AxesChartStyler styler) {
        styler.setChartBackgroundColor(Color.WHITE).setChartTitleBoxVisible(false)
                .setChartTitleFont(font(Font.BOLD, 15)).setLegendBorderColor(GRID).setLegendFont(font(Font.PLAIN, 12))
                .setChartPadding(12).setPlotBorderVisible(false);
        styler.setPlotGridLinesColor(GRID).setAxisTitleFont(font(Font.PLAIN, 13))
                .setAxisTickLabelsFont(font(Font.PLAIN, 12));
    }

    private static Font font(int style, int size) {
        return new Font(Font.SANS_SERIF, style, size);
    }

    private static String threads(String count) {
        return count.equals("1") ? "1 thread" : count + " threads";
    }

    /** A number as the files have it. */
    private static String cell(double value) {
        return Measurements.of("number").with(value).texts("number").getFirst();
    }

    private static long distinct(Measurements rows, String column) {
        return rows.texts(column).stream().distinct().count();
    }
}
