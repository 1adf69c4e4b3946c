package dev.cambium.app.picture;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;

import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

import dev.cambium.CambiumException;
import dev.cambium.app.run.FileProblem;

/**
 * A picture of one digit, made like those of MNIST: light ink on black, the digit scaled to fit a box of 20 × 20 pixels and
 * placed in a field of 28 × 28 with its centre of mass in the middle (LeCun et al., "Gradient-based learning applied to document
 * recognition", 1998, section III).
 */
public final class DigitPicture {
    /** Height and width of the result. */
    public static final int SIZE = 28;

    private static final int BOX = 20;
    private static final long MOST_PIXELS = 500_000_000;
    private static final long ENOUGH_PIXELS = 4_000_000;
    /** Differences in brightness below this share of the largest one are paper, shadow or noise. */
    private static final float NOISE = 0.2f;
    /** The least difference in brightness, of 1, that counts as something drawn. */
    private static final float LEAST_CONTRAST = 0.1f;

    private DigitPicture() {}

    /**
     * Reads a picture of any size, in grey or colour, with or without transparency, dark on light or light on dark.
     *
     * @param file
     *            a PNG, JPEG, GIF or BMP file
     * @return {@value #SIZE} × {@value #SIZE} values from 0 (background) to 1 (ink), row by row
     * @throws CambiumException
     *             if the file can't be read, is no picture, or nothing is drawn on it; the message names the file
     */
    public static float[] read(Path file) {
        if (Files.isDirectory(file)) {
            throw new CambiumException("%s is a folder, not a picture".formatted(file));
        }
        try (InputStream in = Files.newInputStream(file); var stream = new MemoryCacheImageInputStream(in)) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
            if (!readers.hasNext()) {
                throw new CambiumException(
                        "%s is not a picture that can be read: neither PNG nor JPEG, GIF or BMP".formatted(file));
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(stream, true, true);
                return ink(Grey.of(decode(reader, file)), file).normalised();
            } finally {
                reader.dispose();
            }
        } catch (IOException e) {
            throw new CambiumException("can't read %s: %s".formatted(file, FileProblem.of(e)), e);
        }
    }

    /** Decodes the picture, of a large one only every n-th pixel in each direction. */
    private static BufferedImage decode(ImageReader reader, Path file) {
        try {
            long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
            if (pixels > MOST_PIXELS) {
                throw new CambiumException("%s has %d × %d pixels, which is too large: make it smaller".formatted(file,
                        reader.getWidth(0), reader.getHeight(0)));
            }
            int step = (int) Math.ceil(Math.sqrt(pixels / (double) ENOUGH_PIXELS));
            ImageReadParam parameters = reader.getDefaultReadParam();
            parameters.setSourceSubsampling(step, step, 0, 0);
            reader.addIIOReadWarningListener((_, warning) -> {
                if (warning.startsWith("Truncated File")) { // the JPEG reader fills up with grey
                    throw new IllegalStateException(warning);
                }
            });
            return reader.read(0, parameters);
        } catch (CambiumException e) {
            throw e;
        } catch (IOException | RuntimeException e) { // the JDK's readers throw all sorts of things at damaged files
            throw new CambiumException("%s is a damaged picture: %s".formatted(file, e.getMessage()), e);
        }
    }

    /**
     * What is drawn, by its difference from the background: darker or lighter, whichever there is more of.
     *
     * @throws CambiumException
     *             if there is next to no difference
     */
    private static Grey ink(Grey picture, Path file) {
        float background = picture.border();
        double darker = 0;
        double lighter = 0;
        for (float brightness : picture.values()) {
            double difference = brightness - background;
            if (difference < 0) {
                darker += difference * difference;
            } else {
                lighter += difference * difference;
            }
        }
        float sign = darker > lighter ? -1 : 1;
        float strongest = 0;
        for (float brightness : picture.values()) {
            strongest = Math.max(strongest, sign * (brightness - background));
        }
        if (strongest < LEAST_CONTRAST) {
            throw new CambiumException("%s shows nothing: it is of one colour throughout".formatted(file));
        }
        float[] ink = new float[picture.values().length];
        for (int i = 0; i < ink.length; i++) {
            float share = sign * (picture.values()[i] - background) / strongest;
            ink[i] = Math.max(0, (share - NOISE) / (1 - NOISE));
        }
        return new Grey(picture.width(), picture.height(), ink);
    }

    /**
     * A picture of one value a pixel.
     *
     * @param values
     *            row by row
     */
    @SuppressWarnings("ArrayRecordComponent") // pixels are not compared
    private record Grey(int width, int height, float[] values) {
        private static final int OPAQUE = 128;

        /**
         * The brightness of each pixel, 0 … 1, by ITU-R BT.601. What is transparent becomes background: that of the border where
         * the border can be seen, otherwise the opposite of what can be seen.
         */
        static Grey of(BufferedImage image) {
            int width = image.getWidth();
            int height = image.getHeight();
            int[] pixels = image.getRGB(0, 0, width, height, null, 0, width);
            float[] brightness = new float[pixels.length];
            float[] alpha = new float[pixels.length];
            boolean transparent = false;
            for (int i = 0; i < pixels.length; i++) {
                int p = pixels[i];
                brightness[i] = (0.299f * (p >> 16 & 255) + 0.587f * (p >> 8 & 255) + 0.114f * (p & 255)) / 255;
                alpha[i] = (p >>> 24) / 255f;
                transparent |= p >>> 24 < 255;
            }
            if (transparent) {
                float paper = paper(width, height, pixels, brightness, alpha);
                for (int i = 0; i < brightness.length; i++) {
                    brightness[i] = alpha[i] * brightness[i] + (1 - alpha[i]) * paper;
                }
            }
            return new Grey(width, height, brightness);
        }

        private static float paper(int width, int height, int[] pixels, float[] brightness, float[] alpha) {
            int[] border = borderOf(width, height);
            int[] opaque = Arrays.stream(border).filter(i -> pixels[i] >>> 24 >= OPAQUE).toArray();
            if (opaque.length * 4 >= border.length) {
                return median(opaque, brightness);
            }
            double sum = 0;
            double weight = 0;
            for (int i = 0; i < brightness.length; i++) {
                sum += alpha[i] * brightness[i];
                weight += alpha[i];
            }
            return sum > weight / 2 ? 0 : 1;
        }

        /** The usual value at the border. */
        float border() {
            return median(borderOf(width, height), values);
        }

        private static int[] borderOf(int width, int height) {
            int[] indices = new int[2 * (width + height)];
            int n = 0;
            for (int x = 0; x < width; x++) {
                indices[n++] = x;
                indices[n++] = (height - 1) * width + x;
            }
            for (int y = 0; y < height; y++) {
                indices[n++] = y * width;
                indices[n++] = y * width + width - 1;
            }
            return indices;
        }

        private static float median(int[] indices, float[] values) {
            float[] chosen = new float[indices.length];
            for (int i = 0; i < chosen.length; i++) {
                chosen[i] = values[indices[i]];
            }
            Arrays.sort(chosen);
            return chosen[chosen.length / 2];
        }

        /** The ink scaled to the box and centred in the field. */
        float[] normalised() {
            int left = width;
            int right = -1;
            int top = height;
            int bottom = -1;
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    if (values[y * width + x] > 0) {
                        left = Math.min(left, x);
                        right = Math.max(right, x);
                        top = Math.min(top, y);
                        bottom = Math.max(bottom, y);
                    }
                }
            }
            double scale = BOX / (double) Math.max(right - left + 1, bottom - top + 1);
            int boxWidth = Math.max(1, (int) Math.round((right - left + 1) * scale));
            int boxHeight = Math.max(1, (int) Math.round((bottom - top + 1) * scale));
            float[] box = scaled(left, top, right + 1, bottom + 1, boxWidth, boxHeight);
            return centred(box, boxWidth, boxHeight);
        }

        /** A part of the picture at another size: each new pixel is the mean over the area that it covers. */
        private float[] scaled(int left, int top, int right, int bottom, int newWidth, int newHeight) {
            float[] columns = new float[newWidth * (bottom - top)];
            double step = (right - left) / (double) newWidth;
            for (int y = top; y < bottom; y++) {
                for (int x = 0; x < newWidth; x++) {
                    columns[(y - top) * newWidth + x] = mean(y * width, 1, left + x * step, left + (x + 1) * step);
                }
            }
            var narrow = new Grey(newWidth, bottom - top, columns);
            float[] result = new float[newWidth * newHeight];
            step = (bottom - top) / (double) newHeight;
            for (int y = 0; y < newHeight; y++) {
                for (int x = 0; x < newWidth; x++) {
                    result[y * newWidth + x] = narrow.mean(x, newWidth, y * step, (y + 1) * step);
                }
            }
            return result;
        }

        /** The mean of the values at offset + i · stride for i between two positions, those at the ends by their share. */
        private float mean(int offset, int stride, double from, double to) {
            double sum = 0;
            for (int i = (int) from; i < Math.ceil(to - 1e-9); i++) {
                double share = Math.min(i + 1, to) - Math.max(i, from);
                sum += share * values[offset + i * stride];
            }
            return (float) (sum / (to - from));
        }

        private static float[] centred(float[] box, int boxWidth, int boxHeight) {
            double mass = 0;
            double massX = 0;
            double massY = 0;
            float strongest = 0;
            for (int i = 0; i < box.length; i++) {
                int x = i % boxWidth;
                int y = i / boxWidth;
                mass += box[i];
                massX += box[i] * (x + 0.5);
                massY += box[i] * (y + 0.5);
                strongest = Math.max(strongest, box[i]);
            }
            int left = shift(massX / mass, boxWidth);
            int top = shift(massY / mass, boxHeight);
            float[] field = new float[SIZE * SIZE];
            for (int i = 0; i < box.length; i++) {
                field[(top + i / boxWidth) * SIZE + left + i % boxWidth] = box[i] / strongest;
            }
            return field;
        }

        /** Where the box begins so that its centre of mass is in the middle, as far as it fits. */
        private static int shift(double centre, int extent) {
            return Math.clamp(Math.round(SIZE / 2.0 - centre), 0, SIZE - extent);
        }
    }
}
