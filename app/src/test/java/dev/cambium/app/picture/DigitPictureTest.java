package dev.cambium.app.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cambium.CambiumException;

class DigitPictureTest {
    private static final Color PAPER = Color.WHITE;
    private static final Color INK = Color.BLACK;

    @TempDir
    private Path folder = Path.of("");

    @Test
    void digit_fits_a_box_of_20_with_its_centre_of_mass_in_the_middle() throws IOException {
        float[] digit = read(seven(280, 280, 0, 0, PAPER, INK), "png");
        assertThat(digit).hasSize(28 * 28);
        double mass = 0;
        double x = 0;
        double y = 0;
        int top = 28;
        int bottom = 0;
        for (int i = 0; i < digit.length; i++) {
            assertThat(digit[i]).isBetween(0f, 1f);
            mass += digit[i];
            x += digit[i] * (i % 28 + 0.5);
            y += digit[i] * (Math.floorDiv(i, 28) + 0.5);
            if (digit[i] > 0) {
                top = Math.min(top, i / 28);
                bottom = Math.max(bottom, i / 28);
            }
        }
        assertThat(x / mass).isBetween(13.5, 14.5);
        assertThat(y / mass).isBetween(13.5, 14.5);
        assertThat(bottom - top + 1).isEqualTo(20);
    }

    @Test
    void size_of_the_picture_makes_no_difference() throws IOException {
        float[] digit = read(seven(280, 280, 0, 0, PAPER, INK), "png");
        for (int size : new int[] {48, 100, 533, 2500}) {
            assertThat(difference(digit, read(seven(size, size, 0, 0, PAPER, INK), "png"))).as("%d pixels", size)
                    .isLessThan(0.02);
        }
    }

    @Test
    void place_and_format_of_the_picture_make_no_difference() throws IOException {
        float[] digit = read(seven(280, 280, 0, 0, PAPER, INK), "png");
        assertThat(difference(digit, read(seven(700, 300, 300, 10, PAPER, INK), "png"))).isLessThan(0.02);
        assertThat(difference(digit, read(seven(300, 900, 5, 600, PAPER, INK), "png"))).isLessThan(0.02);
    }

    @Test
    void dark_on_light_and_light_on_dark_are_the_same() throws IOException {
        float[] digit = read(seven(280, 280, 0, 0, PAPER, INK), "png");
        assertThat(difference(digit, read(seven(280, 280, 0, 0, INK, PAPER), "png"))).isLessThan(0.005);
    }

    @Test
    void colours_and_weak_contrast_make_no_difference() throws IOException {
        float[] digit = read(seven(280, 280, 0, 0, PAPER, INK), "png");
        assertThat(difference(digit, read(seven(280, 280, 0, 0, new Color(250, 240, 200), Color.BLUE), "png")))
                .isLessThan(0.01);
        assertThat(difference(digit, read(seven(280, 280, 0, 0, Color.GRAY, Color.DARK_GRAY), "png"))).isLessThan(0.01);
        assertThat(difference(digit, read(seven(280, 280, 0, 0, Color.DARK_GRAY, Color.YELLOW), "png")))
                .isLessThan(0.01);
    }

    @Test
    void jpeg_is_as_good_as_png() throws IOException {
        float[] digit = read(seven(280, 280, 0, 0, PAPER, INK), "png");
        assertThat(difference(digit, read(seven(280, 280, 0, 0, PAPER, INK), "jpg"))).isLessThan(0.01);
    }

    @Test
    void transparent_paper_is_what_the_ink_is_not() throws IOException {
        float[] digit = read(seven(280, 280, 0, 0, PAPER, INK), "png");
        Color clear = new Color(0, 0, 0, 0);
        assertThat(difference(digit, read(seven(280, 280, 0, 0, clear, INK), "png"))).isLessThan(0.005);
        assertThat(difference(digit, read(seven(280, 280, 0, 0, clear, PAPER), "png"))).isLessThan(0.005);
    }

    @Test
    void shadow_and_noise_on_the_paper_are_left_out() throws IOException {
        float[] digit = read(seven(280, 280, 0, 0, PAPER, INK), "png");
        BufferedImage photo = seven(280, 280, 0, 0, PAPER, INK);
        var noise = new Random(1);
        for (int y = 0; y < 280; y++) {
            for (int x = 0; x < 280; x++) {
                int level = (photo.getRGB(x, y) & 255) * (220 - x / 14 - noise.nextInt(10)) / 255;
                photo.setRGB(x, y, 0xFF000000 | level * 0x010101);
            }
        }
        assertThat(difference(digit, read(photo, "png"))).isLessThan(0.02);
    }

    @Test
    void picture_already_like_mnist_keeps_its_form() throws IOException {
        float[] digit = read(seven(280, 280, 0, 0, PAPER, INK), "png");
        var small = new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < digit.length; i++) {
            small.getRaster().setSample(i % 28, i / 28, 0, Math.round(255 * digit[i]));
        }
        float[] again = read(small, "png");
        assertThat(difference(digit, again)).isLessThan(0.02);
    }

    @Test
    void text_file_is_no_picture() throws IOException {
        Path file = Files.writeString(folder.resolve("seven.png"), "7");
        assertRefused(file, file + " is not a picture that can be read: neither PNG nor JPEG, GIF or BMP");
    }

    @Test
    void empty_file_is_no_picture() throws IOException {
        Path file = Files.createFile(folder.resolve("seven.png"));
        assertRefused(file, file + " is not a picture that can be read: neither PNG nor JPEG, GIF or BMP");
    }

    @Test
    void truncated_pictures_are_damaged() throws IOException {
        for (String format : new String[] {"png", "jpg", "bmp", "gif"}) {
            Path file = write(seven(280, 280, 0, 0, PAPER, INK), format);
            byte[] whole = Files.readAllBytes(file);
            for (int length : new int[] {20, 40, whole.length / 3}) {
                Files.write(file, Arrays.copyOf(whole, length));
                assertThatThrownBy(() -> DigitPicture.read(file), "%s of %d bytes", format, length)
                        .isInstanceOf(CambiumException.class).hasMessageContaining(file.toString());
            }
        }
    }

    @Test
    void blank_picture_shows_nothing() throws IOException {
        Path file = write(seven(100, 100, 0, 0, PAPER, PAPER), "png");
        assertRefused(file, file + " shows nothing: it is of one colour throughout");
    }

    @Test
    void folder_is_no_picture() {
        assertRefused(folder, folder + " is a folder, not a picture");
    }

    @Test
    void missing_file_is_named() {
        Path file = folder.resolve("none.png");
        assertRefused(file, "can't read " + file + ": there is no such file or folder");
    }

    @Test
    void picture_of_absurd_size_is_refused_before_it_is_decoded() throws IOException {
        Path file = write(new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY), "png");
        ByteBuffer png = ByteBuffer.wrap(Files.readAllBytes(file));
        png.putInt(16, 65536).putInt(20, 65536); // width and height in the chunk IHDR, which a check sum follows
        var sum = new CRC32();
        sum.update(png.array(), 12, 17);
        png.putInt(29, (int) sum.getValue());
        Files.write(file, png.array());
        assertRefused(file, file + " has 65536 × 65536 pixels, which is too large: make it smaller");
    }

    private void assertRefused(Path file, String message) {
        assertThatThrownBy(() -> DigitPicture.read(file)).isInstanceOf(CambiumException.class).hasMessage(message);
    }

    private float[] read(BufferedImage image, String format) throws IOException {
        return DigitPicture.read(write(image, format));
    }

    private Path write(BufferedImage image, String format) throws IOException {
        Path file = folder.resolve("picture." + format);
        BufferedImage opaque = image;
        if (!format.equals("png")) {
            opaque = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
            opaque.createGraphics().drawImage(image, 0, 0, null);
        }
        assertThat(ImageIO.write(opaque, format, file.toFile())).isTrue();
        return file;
    }

    /** A seven of three strokes in a square as wide or high as the picture allows, moved from the upper left corner. */
    private static BufferedImage seven(int width, int height, int left, int top, Color paper, Color ink) {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        g.setBackground(paper);
        g.clearRect(0, 0, width, height);
        double square = Math.min(width - left, height - top);
        g.transform(new AffineTransform(square, 0, 0, square, left, top));
        g.setColor(ink);
        g.setStroke(new BasicStroke(0.08f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        var seven = new Path2D.Double();
        seven.moveTo(0.28, 0.2);
        seven.lineTo(0.74, 0.2);
        seven.lineTo(0.42, 0.82);
        seven.moveTo(0.4, 0.5);
        seven.lineTo(0.7, 0.5);
        g.draw(seven);
        g.dispose();
        return image;
    }

    /** The mean difference of two digits' pixels. */
    private static double difference(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += Math.abs(a[i] - b[i]);
        }
        return sum / a.length;
    }
}
