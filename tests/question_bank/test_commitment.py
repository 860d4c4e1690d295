from dataclasses import replace

import pytest

from question_bank.commitment import DrawInputs, commit, inputs_from_json, inputs_json
from tests.question_bank.builders import SECRET, make_bank, make_blueprint, make_inputs, make_outline


@pytest.fixture(scope="module")
def inputs() -> DrawInputs:
    return make_inputs(make_bank(make_outline()), make_blueprint(), attempts=4, spares=1)


class TestCommit:
    def test_covers_every_input_and_the_secret(self, inputs: DrawInputs) -> None:
        bank = inputs.banks[0]
        other_item = bank.items[0]._replace(digest="0" * 64)
        changed = [
            replace(inputs, session="other"),
            replace(inputs, sittings=inputs.sittings[::-1]),
            replace(inputs, spares=2),
            replace(inputs, blueprints=(inputs.blueprints[0].model_copy(update={"title": "另一份"}),)),
            replace(inputs, banks=(replace(bank, version="2"),)),
            replace(inputs, banks=(replace(bank, items=(other_item, *bank.items[1:])),)),
            replace(inputs, banks=(replace(bank, items=bank.items[1:]),)),
            replace(inputs, banks=(replace(bank, exposure={bank.items[0].code: 1}),)),
        ]
        commitments = {commit(each, SECRET) for each in (inputs, *changed)} | {commit(inputs, SECRET[::-1])}
        assert len(commitments) == len(changed) + 2

    def test_is_the_same_for_inputs_kept_as_json(self, inputs: DrawInputs) -> None:
        kept = inputs_from_json(inputs_json(inputs))
        assert kept == inputs
        assert commit(kept, SECRET) == commit(inputs, SECRET)

    def test_refuses_a_secret_that_could_be_guessed(self, inputs: DrawInputs) -> None:
        with pytest.raises(ValueError, match="32 bytes"):
            commit(inputs, b"short")
