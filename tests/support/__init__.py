"""What several tests need: repositories, references, labelled cases."""
