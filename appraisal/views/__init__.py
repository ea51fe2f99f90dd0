"""The pages of the appraisal: cycles, results, facts, the officer's own, and filing an objection."""
