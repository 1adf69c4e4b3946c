package dev.cambium.app.command;

import java.util.Arrays;
import java.util.Objects;

import dev.cambium.CambiumException;
import dev.cambium.app.wiring.PartChoice;
import dev.cambium.tensor.Shape;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** From the text of an option to its value, with a message that says what would be right. */
final class Converters {
    private Converters() {}

    /** A number of things, from 1 to a million. */
    static final class Count implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return (int) wholeNumber(text, 1, 1_000_000);
        }
    }

    /** A number of steps, at least 1. */
    static final class Steps implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            return wholeNumber(text, 1, Long.MAX_VALUE);
        }
    }

    /** A number of threads, 0 for one on each core. */
    static final class Threads implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return (int) wholeNumber(text, 0, 1024);
        }
    }

    /** Any whole number of 64 bits. */
    static final class Seed implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            return wholeNumber(text, Long.MIN_VALUE, Long.MAX_VALUE);
        }
    }

    /** A number above 0. */
    static final class Rate implements ITypeConverter<Double> {
        @Override
        public Double convert(String text) {
            try {
                double value = Double.parseDouble(text);
                if (value > 0 && Double.isFinite(value)) {
                    return value;
                }
            } catch (NumberFormatException _) {
                // said below
            }
            throw new TypeConversionException("'%s' is not a number above 0".formatted(text));
        }
    }

    /** A part with or without settings. */
    static final class Part implements ITypeConverter<PartChoice> {
        @Override
        public PartChoice convert(String text) {
            try {
                return PartChoice.parse(text);
            } catch (CambiumException e) {
                throw new TypeConversionException(Objects.requireNonNull(e.getMessage()));
            }
        }
    }

    /** Dimensions joined by {@code x}, such as {@code 1x28x28}. */
    static final class Dimensions implements ITypeConverter<Shape> {
        @Override
        public Shape convert(String text) {
            try {
                int[] dims = Arrays.stream(text.split("x", -1)).mapToInt(Integer::parseInt).toArray();
                if (Arrays.stream(dims).allMatch(dim -> dim > 0)) {
                    return Shape.of(dims);
                }
            } catch (NumberFormatException | ArithmeticException _) {
                // said below
            }
            throw new TypeConversionException("'%s' is no shape: write dimensions like 1x28x28".formatted(text));
        }
    }

    private static long wholeNumber(String text, long least, long most) {
        try {
            long value = Long.parseLong(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        String range = most == Long.MAX_VALUE ? least == Long.MIN_VALUE ? "of 64 bits" : "of at least " + least
                : "from %d to %,d".formatted(least, most);
        throw new TypeConversionException("'%s' is not a whole number %s".formatted(text, range));
    }
}
