package dev.cambium.app.parts;

import java.time.Duration;
import java.util.List;

import dev.cambium.data.Batch;
import dev.cambium.data.DataEnvironment;
import dev.cambium.data.Dataset;
import dev.cambium.data.Examples;
import dev.cambium.data.Splits;
import dev.cambium.part.Part;
import dev.cambium.tensor.TensorType;

/** Strokes without end to learn from, and a test that nobody lives to see the end of. */
@Part(name = "patience", description = "strokes, the test of which takes hours")
public record Patience() implements Dataset {
    @Override
    public Splits load(DataEnvironment environment) {
        Splits strokes = new Strokes(1_000_000).load(environment);
        return new Splits(strokes.train(), new Slow(strokes.test()));
    }

    record Slow(Examples examples) implements Examples {
        @Override
        public int size() {
            return examples.size();
        }

        @Override
        public TensorType inputType() {
            return examples.inputType();
        }

        @Override
        public TensorType targetType() {
            return examples.targetType();
        }

        @Override
        public List<String> classNames() {
            return examples.classNames();
        }

        @Override
        public Batch batch(int epoch, int... indices) {
            try {
                Thread.sleep(Duration.ofHours(5));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return examples.batch(epoch, indices);
        }
    }
}
