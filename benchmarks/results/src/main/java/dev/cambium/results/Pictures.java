package dev.cambium.results;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import javax.imageio.ImageIO;

import org.knowm.xchart.internal.chartpart.Chart;

/** Draws the benchmarks' results, a PNG for each file that is there. */
public final class Pictures {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 480;

    /** What is drawn of each file, charts beside each other, by the file's name without its ending. */
    private static final Map<String, Function<Measurements, List<Chart<?, ?>>>> DRAWINGS = new LinkedHashMap<>();

    static {
        DRAWINGS.put("compare", Charts::compare);
        DRAWINGS.put("sweep", Charts::sweep);
        DRAWINGS.put("kernels", Charts::sparse);
        DRAWINGS.put("roofline", Charts::roofline);
    }

    private Pictures() {}

    /**
     * Draws.
     *
     * @param arguments
     *            the folder with the files, and that for the pictures
     */
    public static void main(String[] arguments) throws IOException {
        Path results = Path.of(arguments[0]);
        Path into = Path.of(arguments[1]);
        if (DRAWINGS.keySet().stream().noneMatch(name -> Files.exists(results.resolve(name + ".csv")))) {
            System.err.printf("There are no results in %s: run benchmarks/compare, sweep, kernels or roofline first.%n",
                    results);
            System.exit(1);
        }
        for (String name : DRAWINGS.keySet()) {
            Path file = results.resolve(name + ".csv");
            if (Files.exists(file)) {
                Path picture = into.resolve(name + ".png");
                if (draw(name, Measurements.read(file), picture)) {
                    System.out.println(picture);
                }
            }
        }
    }

    /**
     * Draws one benchmark's results.
     *
     * @param name
     *            the benchmark's: compare, sweep, kernels or roofline
     * @return whether there was something to draw
     */
    static boolean draw(String name, Measurements measurements, Path picture) throws IOException {
        List<Chart<?, ?>> charts = DRAWINGS.getOrDefault(name, _ -> List.of()).apply(measurements);
        if (charts.isEmpty()) {
            return false;
        }
        var image = new BufferedImage(WIDTH * charts.size(), HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, image.getWidth(), HEIGHT);
        for (int i = 0; i < charts.size(); i++) {
            Graphics2D part = (Graphics2D) g.create(i * WIDTH, 0, WIDTH, HEIGHT);
            charts.get(i).paint(part, WIDTH, HEIGHT);
            part.dispose();
        }
        g.dispose();
        Measurements.replace(picture, temporary -> ImageIO.write(image, "png", temporary.toFile()));
        return true;
    }
}
