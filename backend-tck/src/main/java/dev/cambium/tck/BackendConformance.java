package dev.cambium.tck;

import org.junit.jupiter.api.Nested;

import dev.cambium.backend.Backend;
import dev.cambium.backend.BackendOptions;
import dev.cambium.backend.BackendProvider;

/**
 * What every backend must pass to be interchangeable with the others: each primitive against a reference that computes in double
 * precision, gradients, regions, random bits, variables, use by several threads, runs that fail, what is closed or wrong, random
 * graphs, training. A backend's tests extend it:
 *
 * {@snippet :
 * class MyBackendTest extends BackendConformance {
 *     @Override
 *     protected BackendProvider provider(BackendOptions options) {
 *         return new MyBackendProvider(options.device(), options.threads());
 *     }
 * }
 * }
 *
 * Each test opens the backend on its automatic device with two threads, and closes it. A failure names the operation, its types, the
 * first wrong element and what it should be, and the whole graph.
 */
public abstract class BackendConformance {
    /** Called by subclasses. */
    protected BackendConformance() {}

    /** Offers the backend under test on a device and with a number of threads; one without such settings passes them over. */
    protected abstract BackendProvider provider(BackendOptions options);

    private Backend open() {
        return provider(new BackendOptions("auto", 2)).open();
    }

    @Nested
    class Elementwise extends ElementwiseChecks {
        Elementwise() {
            super(open());
        }
    }

    @Nested
    class Movement extends MovementChecks {
        Movement() {
            super(open());
        }
    }

    @Nested
    class Products extends ProductChecks {
        Products() {
            super(open());
        }
    }

    @Nested
    class Reductions extends ReductionChecks {
        Reductions() {
            super(open());
        }
    }

    @Nested
    class Tables extends TableChecks {
        Tables() {
            super(open());
        }
    }

    @Nested
    class GradientGraphs extends GradientChecks {
        GradientGraphs() {
            super(open());
        }
    }

    @Nested
    class Regions extends RegionChecks {
        Regions() {
            super(open());
        }
    }

    @Nested
    class RandomBits extends RandomChecks {
        RandomBits() {
            super(open());
        }
    }

    @Nested
    class Variables extends VariablesChecks {
        Variables() {
            super(open());
        }
    }

    @Nested
    class Concurrency extends ConcurrencyChecks {
        Concurrency() {
            super(open());
        }
    }

    @Nested
    class Failures extends FailureChecks {
        Failures() {
            super(open());
        }
    }

    @Nested
    class Lifecycle extends LifecycleChecks {
        Lifecycle() {
            super(BackendConformance.this::provider, open());
        }
    }

    @Nested
    class RandomGraphs extends RandomGraphChecks {
        RandomGraphs() {
            super(open());
        }
    }

    @Nested
    class Training extends TrainingChecks {
        Training() {
            super(open());
        }
    }
}
