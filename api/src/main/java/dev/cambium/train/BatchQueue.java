package dev.cambium.train;

import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;

import org.jspecify.annotations.Nullable;

import dev.cambium.data.Batch;
import dev.cambium.data.Examples;
import dev.cambium.tensor.Philox;
import dev.cambium.tensor.RandomStream;

/** The batches of one epoch, prepared ahead on a thread of their own. The last one may be smaller. */
final class BatchQueue implements AutoCloseable {
    private static final int AHEAD = 4;
    /**
     * How many batches are taken before there is room for as many more: the thread that prepares them then wakes in every third step instead of
     * each, at whose beginning it would take a core from those that compute. No more than {@link #AHEAD}, or both sides would wait.
     */
    private static final int AT_ONCE = 3;
    private static final int SHUFFLE_STREAM = RandomStream.number("run.shuffle");

    private sealed interface Item {
        record Ready(Batch batch) implements Item {}

        record Failed(Throwable cause) implements Item {}

        record End() implements Item {}
    }

    private final BlockingQueue<Item> queue = new LinkedBlockingQueue<>();
    private final Semaphore room = new Semaphore(AHEAD);
    private final Thread producer;
    private int taken;
    private volatile boolean closed;

    /**
     * Starts preparing batches.
     *
     * @param shuffleSeed
     *            what the order follows from, together with the epoch; without it the order is that of the indices
     * @param first
     *            how many batches to leave out at the start
     */
    BatchQueue(Examples examples, int batchSize, int epoch, Optional<Long> shuffleSeed, int first) {
        producer = Thread.ofPlatform().name("cambium-batches").daemon()
                .start(() -> produce(examples, batchSize, epoch, shuffleSeed, first));
    }

    private void produce(Examples examples, int batchSize, int epoch, Optional<Long> shuffleSeed, int first) {
        try {
            try {
                int[] order = shuffleSeed.map(seed -> permutation(examples.size(), seed, epoch))
                        .orElseGet(() -> identity(examples.size()));
                for (long start = (long) first * batchSize; start < order.length; start += batchSize) {
                    int end = (int) Math.min(start + batchSize, order.length);
                    room.acquire();
                    if (closed) {
                        return;
                    }
                    queue.put(new Item.Ready(examples.batch(epoch, Arrays.copyOfRange(order, (int) start, end))));
                }
                queue.put(new Item.End());
            } catch (InterruptedException e) {
                throw e;
            } catch (Throwable e) {
                queue.put(new Item.Failed(e));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody here does that: somebody else wants this thread to end
        }
    }

    /** The next batch, or null after the last. */
    @Nullable
    Batch next() {
        try {
            return switch (queue.take()) {
                case Item.Ready(Batch batch) -> {
                    if (++taken % AT_ONCE == 0) {
                        room.release(AT_ONCE);
                    }
                    yield batch;
                }
                case Item.Failed(RuntimeException e) -> throw e;
                case Item.Failed(Throwable e) -> throw new IllegalStateException("preparing a batch failed", e);
                case Item.End _ -> null;
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a batch", e);
        }
    }

    /**
     * Ends the thread after the batch that it is at. It is not interrupted, which would close the file that a dataset may be
     * reading from: a thread that waits for room gets it, and looks at the flag.
     */
    @Override
    public void close() {
        closed = true;
        room.release();
        try {
            producer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int[] identity(int size) {
        int[] order = new int[size];
        Arrays.setAll(order, i -> i);
        return order;
    }

    /** Fisher–Yates; the choices are Philox bits scaled to the range by a multiplication (Lemire, 2019, without rejection). */
    static int[] permutation(int size, long seed, int epoch) {
        int[] order = identity(size);
        for (int i = size - 1; i > 0; i--) {
            long bits = Integer.toUnsignedLong(Philox.bits(seed, SHUFFLE_STREAM, epoch, i));
            int j = (int) ((bits * (i + 1)) >>> 32);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        return order;
    }
}
