package dev.cambium.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Scanner;

/**
 * The contender's side of the protocol, a line each way on standard input and output:
 *
 * <pre>
 * version              the library's version
 * train STEPS          makes so many steps; seconds
 * epoch                trains on what the first epoch has left; seconds
 * accuracy             the share of test images that it classifies right
 * infer BATCH TIMES    classifies so many test images so many times; seconds
 * latency TIMES        classifies one image so many times; the median's seconds
 * quit                 ends
 * </pre>
 *
 * An answer begins with {@link #ANSWER}; whatever else a library may print there isn't one.
 */
public final class Serving {
    static final String ANSWER = "answer ";
    private static final int TEST_BATCH = 1000;

    /** Makes a contender that trains the reference network on its usual batches. */
    @FunctionalInterface
    public interface Factory {
        /** A contender whose library works with so many threads, with fresh weights that follow from a seed. */
        Contender open(int threads, long seed);
    }

    /** Makes a contender for any task. */
    @FunctionalInterface
    public interface TaskFactory {
        /** A contender with fresh weights. */
        Contender open(Task task);
    }

    private final Digits digits = Digits.load();
    private final int batch;
    private final Digits.Batches batches;
    private final Contender contender;
    private int steps;

    private Serving(Task task, Contender contender) {
        batch = task.batch();
        batches = digits.batches(batch, task.seed());
        this.contender = contender;
    }

    /**
     * Answers until {@code quit} or the end of the input.
     *
     * @param arguments
     *            the task
     * @throws IllegalArgumentException
     *             if that is another one than to train the reference network
     */
    public static void serve(String[] arguments, Factory factory) throws IOException {
        Task task = Task.of(arguments);
        if (!task.equals(Task.reference(task.threads(), task.seed()))) {
            throw new IllegalArgumentException("this contender can't do " + task);
        }
        serve(task, any -> factory.open(any.threads(), any.seed()));
    }

    /** Answers until {@code quit} or the end of the input. */
    public static void serve(Task task, TaskFactory factory) throws IOException {
        PrintStream answers = System.out;
        System.setOut(System.err); // where a library's talk belongs
        var questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (Contender contender = factory.open(task)) {
            var serving = new Serving(task, contender);
            for (String line = questions.readLine(); line != null && !line.equals("quit"); line = questions
                    .readLine()) {
                answers.println(ANSWER + serving.answer(line));
                answers.flush();
            }
        }
    }

    private String answer(String question) throws IOException {
        try (var words = new Scanner(question)) {
            return switch (words.next()) {
                case "version" -> contender.version();
                case "train" -> Double.toString(train(words.nextInt()));
                case "epoch" -> Double.toString(train(digits.stepsPerEpoch(batch) - steps));
                case "accuracy" -> Double.toString(accuracy());
                case "infer" -> Double.toString(infer(words.nextInt(), words.nextInt()));
                case "latency" -> Double.toString(latency(words.nextInt()));
                default -> throw new IllegalArgumentException("no question that is known here: " + question);
            };
        }
    }

    private double train(int count) {
        long start = System.nanoTime();
        double loss = contender.train(batches, count);
        double seconds = secondsSince(start);
        if (!Double.isFinite(loss)) {
            throw new IllegalStateException("after %d steps the loss is %s".formatted(steps + count, loss));
        }
        steps += count;
        return seconds;
    }

    private double accuracy() {
        int right = 0;
        for (int from = 0; from < digits.tests(); from += TEST_BATCH) {
            Digits.Batch tests = digits.tests(from, TEST_BATCH);
            int[] classes = contender.classify(tests.images(), TEST_BATCH);
            for (int i = 0; i < TEST_BATCH; i++) {
                right += classes[i] == tests.labels()[i] ? 1 : 0;
            }
        }
        return (double) right / digits.tests();
    }

    private double infer(int batch, int times) {
        float[] images = digits.tests(0, batch).images();
        long start = System.nanoTime();
        for (int i = 0; i < times; i++) {
            contender.classify(images, batch);
        }
        return secondsSince(start);
    }

    private double latency(int times) {
        float[] image = digits.tests(0, 1).images();
        double[] seconds = new double[times];
        for (int i = 0; i < times; i++) {
            long start = System.nanoTime();
            contender.classify(image, 1);
            seconds[i] = secondsSince(start);
        }
        Arrays.sort(seconds);
        return seconds[times / 2];
    }

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
