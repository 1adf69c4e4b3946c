package dev.cambium.train;

import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

import org.jspecify.annotations.Nullable;

import dev.cambium.data.Batch;
import dev.cambium.data.Examples;
import dev.cambium.tensor.Philox;
import dev.cambium.tensor.RandomStream;

/** The batches of one epoch, prepared ahead on a thread of their own. The last one may be smaller. */
final class BatchQueue implements AutoCloseable {
    private static final int AHEAD = 4;
    private static final int SHUFFLE_STREAM = RandomStream.number("run.shuffle");

    private sealed interface Item {
        record Ready(Batch batch) implements Item {}

        record Failed(Throwable cause) implements Item {}

        record End() implements Item {}
    }

    private final BlockingQueue<Item> queue = new ArrayBlockingQueue<>(AHEAD);
    private final Thread producer;

    /**
     * Starts preparing batches.
     *
     * @param shuffleSeed
     *            what the order follows from, together with the epoch; without it the order is that of the indices
     */
    BatchQueue(Examples examples, int batchSize, int epoch, Optional<Long> shuffleSeed) {
        producer = Thread.ofPlatform().name("cambium-batches").daemon()
                .start(() -> produce(examples, batchSize, epoch, shuffleSeed));
    }

    private void produce(Examples examples, int batchSize, int epoch, Optional<Long> shuffleSeed) {
        try {
            try {
                int[] order = shuffleSeed.map(seed -> permutation(examples.size(), seed, epoch))
                        .orElseGet(() -> identity(examples.size()));
                for (int start = 0; start < order.length; start += batchSize) {
                    int[] indices = Arrays.copyOfRange(order, start, Math.min(start + batchSize, order.length));
                    queue.put(new Item.Ready(examples.batch(epoch, indices)));
                }
                queue.put(new Item.End());
            } catch (RuntimeException | Error e) {
                queue.put(new Item.Failed(e));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed: nobody waits for more
        }
    }

    /** The next batch, or null after the last. */
    @Nullable
    Batch next() {
        try {
            return switch (queue.take()) {
                case Item.Ready(Batch batch) -> batch;
                case Item.Failed(RuntimeException e) -> throw e;
                case Item.Failed(Throwable e) -> throw new IllegalStateException("preparing a batch failed", e);
                case Item.End _ -> null;
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a batch", e);
        }
    }

    @Override
    public void close() {
        producer.interrupt();
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
